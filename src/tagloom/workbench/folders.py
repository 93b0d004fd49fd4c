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
        own = (self.uploads, self.making, self.feature_sets, self.jobs, self.runs, self.serving, self.embeddings)
        for folder in (self.root, *own):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def uploads(self) -> Path:
        """Files that are being imported."""
        return self.root / "uploads"

    @property
    def making(self) -> Path:
        """What feature sets are made of, while they are made."""
        return self.root / "making"

    @property
    def feature_sets(self) -> Path:
        """Of all feature sets."""
        return self.root / "feature-sets"

    @property
    def runs(self) -> Path:
        """Of all trainings."""
        return self.root / "runs"

    @property
    def jobs(self) -> Path:
        """What the processes of trainings are told, and what they say."""
        return self.root / "jobs"

    @property
    def embeddings(self) -> Path:
        """Files of vectors, transformers and ELMos, put there by the owner, that trainings may use."""
        return self.root / "embeddings"

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

    def beside_feature_set(self, feature_set_id: int) -> Path:
        """What it is made of, until it is there."""
        return self.making / str(feature_set_id)

    def job(self, training_id: int) -> Path:
        """Of the process of a training."""
        return self.jobs / str(training_id)

    def run(self, training_id: int) -> Path:
        """As `tagloom train` makes it."""
        return self.runs / str(training_id)
