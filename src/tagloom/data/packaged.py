"""The camera reviews that come with the package: written for it by hand, labelled by the guide beside them."""

from pathlib import Path

from tagloom.data.division.feature_set import FeatureSet

FOLDER = Path(__file__).with_name("camera_reviews")


def camera_reviews() -> FeatureSet:
    """The packaged corpus: PNAME and PFEATURE in its fixed train, dev and test parts.

    Example:
        >>> camera_reviews().test.labels
        ('PFEATURE', 'PNAME')
    """
    return FeatureSet.load(FOLDER)
