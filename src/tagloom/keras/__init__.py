"""For people who build with Keras 3: a CRF layer for every backend, arrays from feature sets, and a way to a bundle.

Importing it makes Keras know the layers, so that a saved model loads without `custom_objects`.
"""

from tagloom.keras.accuracy import TagAccuracy
from tagloom.keras.crf import CRF
from tagloom.keras.loss import CRFLoss

__all__ = ["CRF", "CRFLoss", "TagAccuracy"]
