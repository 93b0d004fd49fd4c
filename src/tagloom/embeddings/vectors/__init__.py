"""Files of word vectors (GloVe, word2vec, fastText): read once, then mapped into memory."""
