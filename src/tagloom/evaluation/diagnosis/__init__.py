"""What is wrong with a training, by its own evidence, and what to do next."""
