"""What a lattice of scores says: best path, marginals, the n best paths. NumPy, over a whole batch at once."""

from tagloom.decoding.best_path import viterbi
from tagloom.decoding.lattice import Floats, Integers, Lattice
from tagloom.decoding.n_best import best_paths
from tagloom.decoding.sums import Posterior, log_partition, mirrored, posterior, scaled_both_ways

__all__ = [
    "Floats",
    "Integers",
    "Lattice",
    "Posterior",
    "best_paths",
    "log_partition",
    "mirrored",
    "posterior",
    "scaled_both_ways",
    "viterbi",
]
