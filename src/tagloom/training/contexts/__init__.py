"""What gives the words of a corpus vectors that depend on their sentences, as a training reads it."""
