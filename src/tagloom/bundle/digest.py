"""What tells one trained model from another."""

import hashlib
import json

from tagloom.bundle.bundle import Bundle


def digest(bundle: Bundle) -> str:
    """SHA-256, in hexadecimal, of all that a model's predictions follow from: not of its report or how it was trained.

    Args:
        bundle: the model.
    """
    said = {
        "labels": bundle.labels,
        "scheme": bundle.scheme,
        "tokenizer": bundle.tokenizer,
        "temperature": bundle.temperature,
        "vocabulary": bundle.vocabulary.to_json(),
        "weights": {name: weights.shape for name, weights in sorted(bundle.weights.items())},
        "networks": [len(bundle.network), len(bundle.characters or b"")],
    }
    found = hashlib.sha256(json.dumps(said).encode("ascii"))
    found.update(bundle.network)
    found.update(bundle.characters or b"")
    for _, weights in sorted(bundle.weights.items()):
        found.update(weights.tobytes())
    return found.hexdigest()
