"""What each embedding is called, and gives at prediction."""
