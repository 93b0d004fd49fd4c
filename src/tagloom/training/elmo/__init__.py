"""Training an ELMo on plain text: a language model each way over the same words."""
