"""Words, characters and sentences as numbers."""
