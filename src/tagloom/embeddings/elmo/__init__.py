"""ELMo (Peters et al. 2018): the published files, and what sentences are for its network."""
