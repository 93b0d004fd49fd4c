"""A trained model as files, without code."""
