"""Labels that nobody gave: names and patterns that are looked for."""
