"""The gateway: one read model of every service's facts, and the graph on it that frontends query."""
