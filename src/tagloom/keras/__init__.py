"""For people who build with Keras 3: a CRF layer for every backend, arrays from feature sets, and a way to a bundle.

Importing it makes Keras know the layers, so that a saved model loads without `custom_objects`.
"""

try:
    import keras as _keras  # noqa: F401  # alone, so that what is missing is told here
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        f"tagloom.keras: expected Keras 3 and the backend that KERAS_BACKEND names (tensorflow, where it names none), "
        f'found no {error.name}. Install them, as with pip install -c constraints.txt ".[keras,jax]", and say which: '
        "KERAS_BACKEND=jax.",
        name=error.name,
    ) from error

from tagloom.keras.accuracy import TagAccuracy
from tagloom.keras.characters import CharacterCNN
from tagloom.keras.crf import CRF
from tagloom.keras.encoder import Encoder
from tagloom.keras.entity_f1 import EntityF1
from tagloom.keras.entity_scores import EntityScores
from tagloom.keras.exporting import export
from tagloom.keras.loss import CRFLoss
from tagloom.keras.tagged_words import TaggedWords

__all__ = [
    "CRF",
    "CRFLoss",
    "CharacterCNN",
    "Encoder",
    "EntityF1",
    "EntityScores",
    "TagAccuracy",
    "TaggedWords",
    "export",
]
