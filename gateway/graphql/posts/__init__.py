"""Posts and honours of members, for who may see members."""
