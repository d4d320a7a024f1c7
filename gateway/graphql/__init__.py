"""The graph: Strawberry types that declare where they come from, and the compiler that makes one SQL statement of them."""
