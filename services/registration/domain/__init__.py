"""The decisions of registration, pure: the standard library and the shared vocabulary, no I/O, no framework."""
