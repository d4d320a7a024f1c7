"""Rules that are dated parameters: what holds by default, until a district publishes an edition of its own."""
