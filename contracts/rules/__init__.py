"""Rules that are dated parameters, each with its first day and where it is written."""
