"""Members, for who may see them."""
