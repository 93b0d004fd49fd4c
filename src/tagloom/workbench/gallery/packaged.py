"""The model that comes with the package: trained on its camera reviews by `scripts/gallery_model.py`."""

from pathlib import Path

NAME = "camera-reviews"
"""What its exhibit is known by."""

PATH = Path(__file__).with_name("models") / f"{NAME}.loom"
"""Its bundle."""

TEMPLATE = "camera"
"""Of the projects that have its labels."""

TITLE = "Camera reviews"
DESCRIPTION = (
    "Finds the products and the features that customers write about in English reviews of cameras. It comes with "
    "Tagloom, and is what the default algorithm learns in a minute from a thousand short sentences: a place to begin, "
    "and something to hold your own model against."
)
DATA = (
    "1,388 sentences that were written for Tagloom by hand, in the manner of customers' reviews, and labelled by a "
    "guide: 1,039 to learn from, 129 to choose the best epoch by, 220 to judge it by. Most product names of the last "
    "ones do not occur among the first. Nothing is taken from anybody's review."
)
LICENCE = "Apache 2.0, as Tagloom itself: the sentences, their labels, and the model."
SAMPLES = (
    "Sony CE-7RM3 has Remarkable Eye AutoFocus",
    "I sold my Pentax K-70 for the OM-5 and only miss its battery life.",
    "The touchscreen of the Leica SL2-S is sharp, but the menus take some getting used to.",
    "Is the viewfinder of the DL-S45 any good with glasses?",
)
"""Sentences that are in no part of the data."""
