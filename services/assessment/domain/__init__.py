"""What a scheme is, and how an organisation is rated by it: the standard library and the vocabulary, no I/O."""
