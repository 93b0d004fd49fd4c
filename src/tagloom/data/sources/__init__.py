"""Where documents are read from: paths, archives, encodings, the text of a file."""
