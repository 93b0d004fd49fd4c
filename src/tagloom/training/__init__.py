"""From a feature set to a run: the loop, its options, checkpoints."""
