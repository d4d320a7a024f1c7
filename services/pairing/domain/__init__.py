"""The decisions of pairing, pure: the standard library and the shared vocabulary, no I/O, no framework."""
