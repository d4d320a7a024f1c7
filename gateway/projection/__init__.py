"""Builds the read model from every service's topics: a consumer a topic, a table a topic."""
