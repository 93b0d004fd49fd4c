"""Finished trainings without a training: their rows, and folders of runs with a model that finds something."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench_routes import made

from plain import plain_bundle
from tagloom.bundle.bundle import Bundle
from tagloom.bundle.write import write_bundle
from tagloom.workbench.database import tables
from tagloom.workbench.database.store import Store
from tagloom.workbench.feature_sets.asked import Asked
from tagloom.workbench.folders import Folders

LABELS = ("PFEATURE", "PNAME")
REPORT: dict[str, Any] = {
    "part": "test",
    "mode": "strict",
    "labels": {
        "PFEATURE": {"precision": 0.75, "recall": 0.6, "f1": 2 / 3, "support": 20},
        "PNAME": {"precision": 0.9, "recall": 0.9, "f1": 0.9, "support": 10},
    },
    "micro": {"precision": 0.8, "recall": 0.7, "f1": 0.7467, "support": 30},
    "macro": {"precision": 0.825, "recall": 0.75, "f1": 0.7833, "support": 30},
    "weighted": {"precision": 0.8, "recall": 0.7, "f1": 0.7444, "support": 30},
    "tokens": {"accuracy": 0.95, "count": 200},
    "sentences": 12,
    "ill_formed": {"gold": 0, "predicted": 0},
}


@contextmanager
def store_of(folder: Path) -> Iterator[Store]:
    """The database of a data folder, beside the workbench that runs over it."""
    store = Store(folder)
    try:
        yield store
    finally:
        store.close()


def made_training(folder: Path, project_id: int, name: str = "First", *, seed: int = 1, **values: Any) -> int:
    """A finished training of a project; models of different seeds find different things.

    Args:
        folder: the data folder.
        project_id: whose it is.
        name: of the training.
        seed: of its model's weights.
        **values: of further columns.
    """
    row = {"options": {"algorithm": "bilstm-cnn-crf"}, "state": "finished", "error": "", **values}

    def work(connection: Any) -> int:
        divided = {"options": Asked().to_json(), "state": "ready", "error": ""}
        feature_set = made(connection, tables.feature_sets, project_id=project_id, **divided)
        return made(connection, tables.trainings, project_id=project_id, feature_set_id=feature_set, name=name, **row)

    with store_of(folder) as store:
        number = store.write_now(work)
    write_run(Folders(folder).run(number), plain_bundle(labels=LABELS, seed=seed))
    return number


def write_run(run: Path, bundle: Bundle) -> None:
    """The folder of a run whose model was judged."""
    run.mkdir(parents=True)
    write_bundle(replace(bundle, report=REPORT), run / "model")
    (run / "report.json").write_text(json.dumps({**REPORT, "parts": {"test": REPORT}}), "utf-8")
