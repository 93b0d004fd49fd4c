"""Models that predict alike have one digest; any other has another."""

from dataclasses import replace

import numpy as np
import pytest

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.digest import digest
from tiny import tiny_bundle

BUNDLE = tiny_bundle()


def with_other_weights(bundle: Bundle) -> Bundle:
    name = min(bundle.weights)
    changed = bundle.weights[name].copy()
    changed.flat[0] = np.nextafter(changed.flat[0], np.float32(np.inf))
    return replace(bundle, weights={**bundle.weights, name: changed})


def test_how_a_model_was_trained_and_judged_does_not_count() -> None:
    assert digest(replace(tiny_bundle(), training={"seed": 2}, report={"f1": 1})) == digest(BUNDLE)
    reordered = dict(reversed(BUNDLE.weights.items()))
    assert digest(replace(BUNDLE, weights=reordered)) == digest(BUNDLE)


@pytest.mark.parametrize(
    "other",
    [
        replace(BUNDLE, labels=("PNAME", "PFEATURE")),
        replace(BUNDLE, scheme="BIO"),
        replace(BUNDLE, temperature=1.5),
        replace(BUNDLE, network=BUNDLE.network[:-1]),
        replace(BUNDLE, characters=None),
        replace(BUNDLE, vocabulary=replace(BUNDLE.vocabulary, characters=BUNDLE.vocabulary.characters[::-1])),
        with_other_weights(BUNDLE),
    ],
    ids=["labels", "scheme", "temperature", "network", "characters", "vocabulary", "weights"],
)
def test_what_changes_predictions_changes_the_digest(other: Bundle) -> None:
    assert digest(other) != digest(BUNDLE)
    assert len(digest(other)) == 64
