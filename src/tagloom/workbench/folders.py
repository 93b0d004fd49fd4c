"""What lies where in the data folder of a workbench. No name in it comes from a request: all are numbers."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Folders:
    """The data folder, for its owner alone.

    Args:
        root: of it; made where it is missing.
    """

    root: Path

    def __post_init__(self) -> None:
        for folder in (self.root, self.uploads, self.feature_sets, self.runs, self.serving):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def uploads(self) -> Path:
        """Files that are being imported."""
        return self.root / "uploads"

    @property
    def feature_sets(self) -> Path:
        """Of all feature sets."""
        return self.root / "feature-sets"

    @property
    def runs(self) -> Path:
        """Of all trainings."""
        return self.root / "runs"

    @property
    def serving(self) -> Path:
        """The state of the API of models."""
        return self.root / "serving"

    def upload(self, import_id: int) -> Path:
        """The folder of an import's files, until its documents are in."""
        return self.uploads / str(import_id)

    def feature_set(self, feature_set_id: int) -> Path:
        """As `tagloom data split` makes it."""
        return self.feature_sets / str(feature_set_id)

    def run(self, training_id: int) -> Path:
        """As `tagloom train` makes it."""
        return self.runs / str(training_id)
