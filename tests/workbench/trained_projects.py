"""Projects with a model: tiny, with random weights, judged by a report that the test makes up."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench_routes import made

from tagloom.bundle.write import write_bundle
from tagloom.workbench.database import tables
from tagloom.workbench.database.store import Store
from tagloom.workbench.folders import Folders
from tiny import tiny_bundle

SCORES = {
    "PNAME": {"precision": 0.91, "recall": 0.83, "f1": 0.87, "support": 40},
    "PFEATURE": {"precision": 0.62, "recall": 0.44, "f1": 0.51, "support": 55},
}
REPORT = {"mode": "strict", "labels": SCORES, "micro": {**SCORES["PNAME"], "support": 95}, "sentences": 30}


def a_training(store: Store, folder: Path, project: int, *, seed: int = 1, state: str = "finished") -> int:
    """A training of a project, with its model."""

    def work(connection: Any) -> int:
        feature_set = made(connection, tables.feature_sets, project_id=project, state="done")
        return made(
            connection,
            tables.trainings,
            project_id=project,
            feature_set_id=feature_set,
            name=f"run {seed}",
            state=state,
            options={},
        )

    number = store.write_now(work)
    run = Folders(folder).run(number)
    run.mkdir()
    write_bundle(replace(tiny_bundle(seed=seed), report=REPORT), run / "model")
    return number
