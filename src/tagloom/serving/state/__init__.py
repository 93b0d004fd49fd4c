"""What survives a restart: which version each slot serves, the keys, and a copy of every bundle that may be served."""
