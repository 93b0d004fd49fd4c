"""Projects: labels, guidelines, settings, and who works in them."""
