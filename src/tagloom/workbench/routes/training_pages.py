"""Pages of trainings: all of a project, a new one, one that runs or has ended, its report, several side by side."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import Field
from sqlalchemy import Connection

from tagloom.runs.run import Run
from tagloom.workbench.feature_sets.feature_sets import State as FeatureSetState
from tagloom.workbench.feature_sets.feature_sets import feature_set_in, feature_sets_of
from tagloom.workbench.pages.page import page
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.labels import labels_of
from tagloom.workbench.routes.asking import Admin, ManagedProject, Number, Shared, ViewedProject, Viewer
from tagloom.workbench.routes.trainings import MOST_SEEDS, results_of, shown_training, shown_trainings
from tagloom.workbench.trainings.comparisons import MOST as MOST_COMPARED
from tagloom.workbench.trainings.options import GROUPS, TITLES, OptionField, option_fields
from tagloom.workbench.trainings.trainings import State, training_in

router = APIRouter(tags=["trainings"])

_AS_IT_IS = (
    "sandbox allow-scripts allow-popups; connect-src 'none'; form-action 'none'; base-uri 'none'; "
    "object-src 'none'; frame-src 'none'; frame-ancestors 'self'"
)
"""A report is a page of its own, which runs its own scripts by their digests, as its `meta` says. Sandboxed, it is of
no origin: it can read nothing of the workbench, and ask for nothing in anybody's name."""

_Numbers = Annotated[int, Field(ge=1, lt=2**63)]


@router.get("/projects/{project_id}/training", include_in_schema=False)
async def trainings_page(workbench: Shared, project: ViewedProject, person: Viewer) -> HTMLResponse:
    """All trainings of a project."""

    def found(connection: Connection) -> tuple[dict[str, Any], bool]:
        own = feature_sets_of(connection, project.id)
        return {
            "trainings": [asdict(one) for one in shown_trainings(connection, project.id)],
            "featureSets": {one.id: one.name for one in own},
        }, any(one.state is FeatureSetState.READY for one in own)

    data, can_train = await workbench.store.read(found)
    data |= {"project": project.id, "role": person.role.value, "mostCompared": MOST_COMPARED}
    return page("training", title="Training", person=person, project=project, data=data, can_train=can_train)


@router.get("/projects/{project_id}/training/new", include_in_schema=False)
async def new_training_page(
    workbench: Shared,
    project: ManagedProject,
    person: Admin,
    request: Request,
    feature_set: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    like: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """The form of a training, with the options of another one where that is named, and those of the address."""
    asked = {name: value for name, value in request.query_params.items() if name not in ("feature_set", "like")}

    def found(connection: Connection) -> dict[str, Any]:
        model = None if like is None else training_in(connection, project.id, like)
        chosen = feature_set if model is None else model.feature_set_id
        if chosen is not None:
            feature_set_in(connection, project.id, chosen)
        ready = [one for one in feature_sets_of(connection, project.id) if one.state is FeatureSetState.READY]
        return {
            "model": model,
            "chosen": chosen,
            "ready": ready,
            "labels": [label.name for label in labels_of(connection, project.id)],
        }

    own = await workbench.store.read(found)
    before = project.settings.get("training", {}) if own["model"] is None else own["model"].options
    offered = workbench.offered_embeddings()
    fields = option_fields(offered, before, asked)
    data = {
        "project": project.id,
        "offered": {name: asdict(each) for name, each in offered.items()},
        "labels": own["labels"],
        "changed": _changed(option_fields(offered, before), fields),
    }
    return page(
        "training_new",
        title="New training",
        person=person,
        project=project,
        data=data,
        groups=_grouped(fields),
        offered=offered,
        most_seeds=MOST_SEEDS,
        num_seeds=asked.get("seeds", "1") if asked.get("seeds", "1").isdecimal() else "1",
        **{name: own[name] for name in ("model", "chosen", "ready")},
    )


@router.get("/projects/{project_id}/training/compare", include_in_schema=False)
async def comparison_page(
    workbench: Shared,
    project: ViewedProject,
    person: Viewer,
    training: Annotated[list[_Numbers], Query(max_length=MOST_COMPARED)] = [],  # noqa: B006 - FastAPI copies it
) -> HTMLResponse:
    """Trainings side by side; without any, those that can be chosen."""

    def found(connection: Connection) -> list[dict[str, Any]]:
        every = shown_trainings(connection, project.id)
        return [asdict(one) for one in every if one.state is State.FINISHED]

    data = {
        "project": project.id,
        "chosen": training,
        "trainings": await workbench.store.read(found),
        "mostCompared": MOST_COMPARED,
    }
    return page("comparison", title="Side by side", person=person, project=project, data=data, has_charts=True)


@router.get("/projects/{project_id}/training/{training_id}", include_in_schema=False)
async def training_page(workbench: Shared, project: ViewedProject, person: Viewer, training_id: Number) -> HTMLResponse:
    """One training: while it runs live, then with its scores and what to do next."""

    def found(connection: Connection) -> tuple[Any, str]:
        one = shown_training(connection, project.id, training_id)
        return one, feature_set_in(connection, project.id, one.feature_set_id).name

    one, feature_set = await workbench.store.read(found)
    came = await _results(workbench, project.id, one.id) if one.state is State.FINISHED else None
    data = {"project": project.id, "role": person.role.value, "training": asdict(one), "results": came}
    return page(
        "training_run",
        title=one.name,
        person=person,
        project=project,
        data=data,
        has_charts=True,
        one=one,
        feature_set=feature_set,
        options={TITLES[name]: value for name, value in one.options.items()},
        has_report=Run(workbench.folders.run(one.id)).page.is_file(),
    )


@router.get("/projects/{project_id}/training/{training_id}/report", include_in_schema=False)
async def report_page(
    workbench: Shared, project: ViewedProject, _: Viewer, training_id: Number, download: bool = False
) -> HTMLResponse:
    """The whole report, as the training has written it."""
    await workbench.store.read(lambda connection: training_in(connection, project.id, training_id))
    path = Run(workbench.folders.run(training_id)).page
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError:
        raise Refused("wrong-state", "There is no report yet.") from None
    headers = {"content-security-policy": _AS_IT_IS, "x-frame-options": "SAMEORIGIN"}
    if download:
        headers["content-disposition"] = f'attachment; filename="report-{training_id}.html"'
    return HTMLResponse(content, headers=headers)


async def _results(workbench: Any, project_id: int, training_id: int) -> Mapping[str, Any] | None:
    """What came of a training; None where its report cannot be read any more."""
    try:
        return asdict(await results_of(workbench, project_id, training_id))
    except Refused:
        return None


def _grouped(fields: list[OptionField]) -> dict[str, list[OptionField]]:
    """The fields in their groups; those of none last, under an empty name."""
    by_name = {field.name: field for field in fields}
    seen = {name: [by_name[own] for own in names] for name, names in GROUPS.items()}
    shown = {field.name for own in seen.values() for field in own}
    return {**seen, "": [field for field in fields if field.name not in shown]}


def _changed(before: list[OptionField], after: list[OptionField]) -> dict[str, Any]:
    """What the options were that the address has changed, by name."""
    return {old.name: old.value for old, new in zip(before, after, strict=True) if old.value != new.value}
