"""The graph: Strawberry types that declare where they come from, compiled to one SQL statement a request."""
