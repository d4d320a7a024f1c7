"""Loads a made-up district through the front doors of the services, and shows what the graph makes of it."""
