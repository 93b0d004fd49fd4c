"""What sklearn-crfsuite reaches on a feature set: the baseline beside our figures in `docs/results.md`.

lbfgs, c1 = c2 = 0.1, 100 iterations. Features: the word in lower case, its last 3 and 2 characters, its first 3,
whether it is upper, title, digit, its shape in X x d, a bias; lower, title and upper of two words each side; marks of
begin and end.
"""

import argparse
import json
import time
from pathlib import Path

import sklearn_crfsuite
from corpora import kaggle_split
from peers.crfsuite_features import Features, features_of_all

from tagloom import FeatureSet, Sentence
from tagloom.evaluation.evaluating import evaluate_tags
from tagloom.schemes import BIO


def prepared(sentences: list[Sentence]) -> tuple[list[list[Features]], list[list[str]]]:
    """Features and BIO tags of each sentence."""
    return features_of_all([sentence.words for sentence in sentences]), [one.tags(BIO) for one in sentences]


def main() -> None:
    """Trains on the training part and judges on the test part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", help="a feature set; without one, the Kaggle split")
    asked = parser.parse_args()
    feature_set = FeatureSet.load(Path(asked.folder)) if asked.folder else kaggle_split()
    began = time.perf_counter()
    model = sklearn_crfsuite.CRF(algorithm="lbfgs", c1=0.1, c2=0.1, max_iterations=100, all_possible_transitions=False)
    model.fit(*prepared(feature_set.train.sentences()))
    trained = time.perf_counter()
    inputs, gold = prepared(feature_set.test.sentences())
    predicted = model.predict(inputs)
    report = {mode: evaluate_tags(gold, predicted, scheme=BIO, mode=mode).to_json() for mode in ("strict", "conlleval")}
    figures = {mode: own["micro"] for mode, own in report.items()}
    print(json.dumps({"seconds": round(trained - began, 1), **figures}, indent=1))


if __name__ == "__main__":
    main()
