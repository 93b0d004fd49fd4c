"""The gallery: models that an admin shows to others, each with what it was made of and how well it does."""
