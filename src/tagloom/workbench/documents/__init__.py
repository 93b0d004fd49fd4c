"""Documents and their labels: brought in, listed, labelled, given out."""
