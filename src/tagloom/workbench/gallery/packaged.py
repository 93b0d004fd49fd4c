"""The model that comes with the package: trained on its camera reviews by `scripts/gallery_model.py`."""

from pathlib import Path

PATH = Path(__file__).with_name("models") / "camera-reviews.loom"
"""Its bundle."""
