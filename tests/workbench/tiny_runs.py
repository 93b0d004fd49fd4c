"""Trainings of a workbench that take a moment: a few reviews, a network of a few units."""

from collections.abc import Sequence
from typing import Any

import httpx
from labelled_projects import add
from workbench_server import WorkbenchServer

from server_process import until
from tagloom.data.packaged import camera_reviews
from tagloom.text import Document
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.states import State

TINY: dict[str, Any] = {
    "units": 8,
    "embeddings": "learned:8",
    "character_width": 4,
    "character_units": 4,
    "batch_size": 8,
    "epochs": 2,
    "threads": 1,
}


def few_reviews(number: int = 60) -> Sequence[Document]:
    return camera_reviews().train.documents[:number]


def labelled_project(workbench: WorkbenchServer, client: httpx.Client, name: str) -> int:
    """A project of camera reviews with some that are submitted, and a feature set of them."""
    project: int = client.post("/api/projects", json={"name": name, "template": "camera"}).json()["id"]
    store = Store(workbench.folder)
    add(store, project, few_reviews(), State.SUBMITTED)
    store.close()
    address = f"/api/projects/{project}/feature-sets"
    client.post(address, json={"ratios": [0.6, 0.2, 0.2]}).raise_for_status()
    until(lambda: client.get(address).json()[0]["state"] == "ready")
    return project


def feature_set_of(client: httpx.Client, project: int) -> int:
    """The number of its newest feature set."""
    number: int = client.get(f"/api/projects/{project}/feature-sets").json()[0]["id"]
    return number


def queue(client: httpx.Client, project: int, *, name: str = "", seeds: int = 1, **options: Any) -> list[int]:
    """Queues tiny trainings, and gives their numbers, rising."""
    answer = client.post(
        f"/api/projects/{project}/trainings",
        json={
            "feature_set_id": feature_set_of(client, project),
            "name": name,
            "options": {**TINY, **options},
            "num_seeds": seeds,
        },
    )
    assert answer.status_code == 201, answer.text
    return sorted(one["id"] for one in answer.json())


def address_of(project: int, training: int) -> str:
    return f"/api/projects/{project}/trainings/{training}"


def until_state(client: httpx.Client, project: int, training: int, *states: str) -> dict[str, Any]:
    """Waits until a training is in one of these states, and gives it."""
    found: dict[str, Any] = {}

    def is_there() -> bool:
        found.update(client.get(address_of(project, training)).json())
        return found["state"] in states

    until(is_there)
    return found


def until_epoch(client: httpx.Client, project: int, training: int, epoch: int) -> None:
    """Waits until a training has done so many epochs."""
    address = f"{address_of(project, training)}/progress"
    until(lambda: client.get(address).json()["progress"]["epoch"] >= epoch)
