"""The playground: models to try, and what they say of a text. Nothing of a text is kept."""
