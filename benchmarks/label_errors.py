"""How many planted wrong labels `tagloom errors` lists among its first: the figures of `docs/label-errors.md`."""

import argparse
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpora import DATA
from figures import show
from planting import KINDS, REMOVED, Planted, plant

from tagloom import TrainingConfig, read
from tagloom.cli.errors import OPTIONS
from tagloom.training.folds import Folds
from tagloom.training.label_errors import LabelError, LabelErrors, find_label_errors

PACKAGES = ("tagloom", "torch", "onnxruntime", "numpy")
NCBI_TRAIN = DATA / "ncbi_disease" / "train.tsv"
FIRST = (100, 300, 500)


def points_at(error: LabelError, planted: Planted) -> bool:
    """Whether it is the planted span that an error names, or where one was removed, a stretch that overlaps it."""
    if error.document != planted.document:
        return False
    if planted.kind != REMOVED:
        return error.given == planted.after
    suggested, before = error.suggested, planted.before
    assert before is not None
    return suggested is not None and suggested.start < before.end and before.start < suggested.end


def ranks(found: LabelErrors, planted: Sequence[Planted]) -> dict[Planted, int]:
    """The place in the list, from 1, at which each planted label is first named, for those that are."""
    by_document = {one.document: one for one in planted}
    first: dict[Planted, int] = {}
    for rank, error in enumerate(found.errors, start=1):
        wrong = by_document.get(error.document)
        if wrong is not None and points_at(error, wrong):
            first.setdefault(wrong, rank)
    return first


def measured(
    folder: Path, planting_seed: int, number: int, num_folds: int, options: Mapping[str, Any]
) -> dict[str, float]:
    """The figures of one planting, whose folds lie in the folder."""
    dataset, planted = plant(read(NCBI_TRAIN), number, seed=planting_seed)
    began = time.perf_counter()
    folds = Folds(dataset, folder / f"planting-{planting_seed}", TrainingConfig(**options), num_folds=num_folds)
    found = find_label_errors(folds)
    seconds = time.perf_counter() - began
    figures = {"seconds": seconds, "out-of-fold F1": 100 * found.out_of_fold_f1, "listed": float(len(found.errors))}
    figures["counted as errors"] = float(sum(error.is_confident for error in found.errors))
    first = ranks(found, planted)
    for most in FIRST:
        hits = [wrong.kind for wrong, rank in first.items() if rank <= most]
        figures[f"found@{most}"] = float(len(hits))
        figures |= {f"found@{most} {kind}": float(hits.count(kind)) for kind in KINDS}
    return figures


def main() -> None:
    """Plants with one seed after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="of the plantings")
    parser.add_argument("--number", type=int, default=100, help="of wrong labels, a third of each kind")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=OPTIONS["epochs"])
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the folds, which are used again; else thrown away")
    parser.add_argument("--json", action="store_true", dest="as_json")
    asked = parser.parse_args()
    versions = {package: version(package) for package in PACKAGES}
    options = {**OPTIONS, "epochs": asked.epochs, "threads": asked.threads}
    with tempfile.TemporaryDirectory(prefix="tagloom-errors-") as scratch:
        for seed in asked.seeds:
            figures = measured(asked.keep or Path(scratch), seed, asked.number, asked.folds, options)
            title = f"{asked.number} wrong labels planted in NCBI disease, planting {seed}, {asked.folds} folds"
            show(title, figures, versions, as_json=asked.as_json)


if __name__ == "__main__":
    main()
