"""What registration answers over HTTP: commands about entities, and which files were taken in."""
