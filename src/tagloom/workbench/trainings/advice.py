"""What the diagnosis of a run advises, each with the place of the workbench where it is done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tagloom.evaluation.diagnosis.diagnosis import CORRECT, DIVIDE, LABEL, LOOK, TRAIN
from tagloom.workbench.accounts.roles import Role
from tagloom.workbench.trainings.embeddings import Offered
from tagloom.workbench.trainings.options import fitting_options
from tagloom.workbench.trainings.trainings import Training

SEEDS = "seeds"


@dataclass(frozen=True, slots=True)
class AdvisedAction:
    """Something to do.

    Args:
        text: in words.
        command: that does it on the command line; empty where none does.
        address: of the page where it is done; empty where there is none.
        button: what leads there.
        role: that the page needs; empty where there is none.
    """

    text: str
    command: str
    address: str
    button: str
    role: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to know, and what to do.

    Args:
        kind: a name such as `overfit`.
        severity: `warning` or `info`.
        title: for people.
        evidence: the figures that led to it, in words.
        actions: what to do, the most promising first.
    """

    kind: str
    severity: str
    title: str
    evidence: str
    actions: list[AdvisedAction]


def advice(training: Training, diagnosis: Sequence[Mapping[str, Any]], page: str, offered: Offered) -> list[Advice]:
    """What is advised.

    Args:
        training: that was judged.
        diagnosis: of its `report.json`; one of before actions had a kind has no addresses.
        page: how the diagnosis calls the page with the report.
        offered: embeddings that may be chosen.
    """
    return [
        Advice(
            each["kind"],
            each["severity"],
            each["title"],
            each["evidence"],
            list(_actions(training, each["actions"], page, offered)),
        )
        for each in diagnosis
    ]


def _actions(
    training: Training, actions: Sequence[Mapping[str, Any]], page: str, offered: Offered
) -> Iterator[AdvisedAction]:
    for action in actions:
        address, button, role = _place(training, action, offered)
        text = action["text"].replace(page, "the report")
        yield AdvisedAction(text, action["command"], address, button, role)


def _place(training: Training, action: Mapping[str, Any], offered: Offered) -> tuple[str, str, str]:
    """Where an action is done, what leads there, and the role that this needs."""
    base = f"/projects/{training.project_id}"
    match action.get("kind"):
        case kind if kind == TRAIN and _fits(action["options"], offered):
            query = urlencode({"like": training.id, **{name: _told(own) for name, own in action["options"].items()}})
            return f"{base}/training/new?{query}", "Prepare this training", Role.ADMIN
        case kind if kind == LABEL:
            return f"{base}/label", "Label", Role.ANNOTATOR
        case kind if kind in (LOOK, CORRECT):
            return f"{base}/training/{training.id}/report", "Look at every error", Role.VIEWER
        case kind if kind == DIVIDE:
            return f"{base}/feature-sets/new?like={training.feature_set_id}", "Divide anew", Role.ADMIN
    return "", "", ""


def _fits(options: Mapping[str, Any], offered: Offered) -> bool:
    """Whether a form of the workbench takes these: embeddings that it does not offer, it does not."""
    own = {name: value for name, value in options.items() if name != SEEDS}
    return fitting_options(own, offered).keys() == own.keys()


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{name}={own}" for name, own in value.items())
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
