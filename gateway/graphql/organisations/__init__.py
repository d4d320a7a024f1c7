"""Party organisations, whom they cover, how many members they have."""
