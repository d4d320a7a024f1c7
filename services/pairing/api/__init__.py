"""What pairing answers over HTTP: commands about assignments and alliances."""
