"""Predictions of many files as files: what is to do, how it is written, and that no file is ever half there."""
