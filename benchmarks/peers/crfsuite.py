"""sklearn-crfsuite: lbfgs, c1 = c2 = 0.1. It has no epochs: each time it learns it begins anew, and takes longer."""

from collections.abc import Callable, Mapping
from importlib.metadata import version

import sklearn_crfsuite
from contestant import Contestant, Part, Tags, Words, answer
from crfsuite_features import features_of_all

ITERATIONS = (20, 40, 70, 100)
"""Of the times that it learns."""


class Crfsuite(Contestant):
    """The usual features, made anew for every sentence that is read."""

    def __init__(self, train: Part, _seed: int) -> None:
        self._train, self._times = train, 0
        self._model = self._next_model()

    def _next_model(self) -> sklearn_crfsuite.CRF:
        iterations = ITERATIONS[min(self._times, len(ITERATIONS) - 1)]
        return sklearn_crfsuite.CRF(
            algorithm="lbfgs", c1=0.1, c2=0.1, max_iterations=iterations, all_possible_transitions=False
        )

    def learn(self) -> None:
        """Trains from nothing, for the next number of iterations."""
        self._model = self._next_model()
        self._times += 1
        self._model.fit(features_of_all(self._train["words"]), self._train["tags"])

    def ready(self) -> None:
        """Nothing is left to do."""

    def tags(self, sentences: Words) -> Tags:
        """What it finds, features included."""
        return [list(tags) for tags in self._model.predict(features_of_all(sentences))]

    def one(self) -> Callable[[str], object]:
        """It divides no text: the words are taken as they stand between blanks, and get tags and marginals."""

        def read(text: str) -> object:
            seen = features_of_all([text.split(" ")])
            return self._model.predict(seen), self._model.predict_marginals(seen)

        return read

    def versions(self) -> Mapping[str, str]:
        """Of the wrapper and what it wraps."""
        return {name: version(name) for name in ("sklearn-crfsuite", "python-crfsuite")}


if __name__ == "__main__":
    answer(Crfsuite)
