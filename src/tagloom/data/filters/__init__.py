"""Which documents are meant: by text, label, field."""
