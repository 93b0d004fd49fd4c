"""A bundle in use: text in, spans out, without torch."""
