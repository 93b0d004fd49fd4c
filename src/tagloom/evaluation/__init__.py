"""How good are predictions: counts of chunks, scores from counts, a report of scores, and conlleval's own output."""
