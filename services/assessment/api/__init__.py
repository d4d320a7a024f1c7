"""What assessment answers over HTTP: the scheme in force, the command for its next edition, ratings with reasons."""
