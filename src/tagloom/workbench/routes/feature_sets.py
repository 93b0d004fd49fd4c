"""Feature sets: made, looked at, taken away; never changed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from tagloom.data.filters.filter import Filter
from tagloom.errors import ConfigError
from tagloom.workbench.feature_sets.asked import Asked, Place, PlaceRule, Way
from tagloom.workbench.feature_sets.feature_sets import (
    FeatureSet,
    State,
    begin_feature_set,
    feature_set_in,
    feature_sets_of,
    fields_of,
    num_documents,
    remove_feature_set,
    rename_feature_set,
    sections_of,
)
from tagloom.workbench.pages.page import page
from tagloom.workbench.problems import Refused
from tagloom.workbench.projects.labels import labels_of
from tagloom.workbench.routes.asking import Admin, ManagedProject, Number, Shared, ViewedProject, Viewer

router = APIRouter(tags=["feature sets"])

MOST_CHOSEN = 20_000
"""Documents of which one by one is said where they go."""

_MOST_RULES = 200

_Filter = Annotated[str, Field(max_length=2000)]
_FieldName = Annotated[str, Field(max_length=200)]
_Share = Annotated[float, Field(ge=0, le=1)]
_DocumentNumber = Annotated[int, Field(ge=1, lt=2**63)]


class Rule(BaseModel):
    """Where documents go that fit a filter."""

    where: _Filter
    place: Place


class NewFeatureSet(BaseModel):
    """A feature set to make. Filters are conditions such as `brand=Nikon and year>2020`."""

    name: str = Field(default="", max_length=200, description="For people; by default the next number.")
    way: Way = Field(default=Way.RATIOS, description="How documents are divided.")
    with_drafts: bool = Field(default=False, description="Whether documents count that were begun and not submitted.")
    where: _Filter = Field(default="", description="Leave out documents that do not fit.")
    drop_duplicates: bool = Field(default=False, description="Of documents equal word for word keep the first.")
    ratios: tuple[_Share, _Share, _Share] = Field(default=(0.8, 0.1, 0.1), description="Of train, dev and test.")
    seed: int = Field(default=13, ge=0, lt=2**32, description="The same documents and seed give the same parts.")
    by: _FieldName = Field(default="", description="A field whose equal values stay in one part.")
    by_time: _FieldName = Field(default="", description="The field with the time, for the way `time`.")
    dev_where: _Filter = Field(default="", description="The dev part, for the way `filters`.")
    test_where: _Filter = Field(default="", description="The test part, likewise.")
    rest: Place = Field(default=Place.TRAIN, description="For the way `choice`: where all others go.")
    rules: list[Rule] = Field(default=[], max_length=_MOST_RULES, description="Likewise; a later one counts first.")
    documents: dict[_DocumentNumber, Place] = Field(
        default={}, max_length=MOST_CHOSEN, description="Likewise, single ones by number; this counts before rules."
    )


class FeatureSetName(BaseModel):
    """What a feature set is called."""

    name: str = Field(max_length=200)


@dataclass(frozen=True, slots=True)
class FeatureSetShown:
    """A feature set; with `sections`, what its page shows, where one is asked for."""

    id: int
    name: str
    by: str | None
    asked: dict[str, Any]
    state: State
    parts: Mapping[str, Any]
    severities: Mapping[str, int]
    num_trainings: int
    error: str
    created_at: float
    sections: list[dict[str, Any]] | None = None


@router.get("/projects/{project_id}/feature-sets", include_in_schema=False)
async def feature_sets_page(workbench: Shared, project: ViewedProject, person: Viewer) -> HTMLResponse:
    """All feature sets of a project."""

    def found(connection: Connection) -> tuple[list[FeatureSet], int]:
        number = num_documents(connection, project.id, with_drafts=True)
        return feature_sets_of(connection, project.id), number

    own, number = await workbench.store.read(found)
    data = {"project": project.id, "role": person.role.value, "featureSets": [asdict(_shown(one)) for one in own]}
    return page(
        "feature_sets", title="Feature sets", person=person, project=project, data=data, has_documents=bool(number)
    )


@router.get("/projects/{project_id}/feature-sets/new", include_in_schema=False)
async def new_feature_set_page(
    workbench: Shared,
    project: ManagedProject,
    person: Admin,
    like: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
) -> HTMLResponse:
    """Where one is made, as another one was where that is named."""

    def found(connection: Connection) -> dict[str, Any]:
        asked = Asked() if like is None else feature_set_in(connection, project.id, like).asked
        return {
            "asked": asked.to_json(),
            "numSubmitted": num_documents(connection, project.id, with_drafts=False),
            "numWithDrafts": num_documents(connection, project.id, with_drafts=True),
            "fields": fields_of(connection, project.id),
            "labels": [label.name for label in labels_of(connection, project.id)],
        }

    data = {"project": project.id, **await workbench.store.read(found)}
    return page("feature_set_new", title="New feature set", person=person, project=project, data=data)


@router.get("/projects/{project_id}/feature-sets/{feature_set_id}", include_in_schema=False)
async def feature_set_page(
    workbench: Shared, project: ViewedProject, person: Viewer, feature_set_id: Number
) -> HTMLResponse:
    """What one holds, and everything that is wrong with it."""
    one = await workbench.store.read(lambda connection: _found(connection, project.id, feature_set_id))
    data = {"project": project.id, "role": person.role.value, "featureSet": asdict(one)}
    return page("feature_set", title=one.name, person=person, project=project, data=data, has_charts=True, one=one)


@router.get("/api/projects/{project_id}/feature-sets", summary="All feature sets")
async def list_feature_sets(workbench: Shared, project: ViewedProject) -> list[FeatureSetShown]:
    """Those of a project, the newest first."""
    own = await workbench.store.read(lambda connection: feature_sets_of(connection, project.id))
    return [_shown(one) for one in own]


@router.post("/api/projects/{project_id}/feature-sets", status_code=201, summary="Make a feature set")
async def make_feature_set(
    workbench: Shared, project: ManagedProject, person: Admin, new: NewFeatureSet
) -> FeatureSetShown:
    """The documents submitted by now, divided as `tagloom data split` does it. `GET` tells when it is ready."""
    asked = _asked(new)

    def begun(connection: Connection) -> FeatureSetShown:
        number = begin_feature_set(connection, project.id, person.id, new.name, asked)
        return _shown(feature_set_in(connection, project.id, number))

    made = await workbench.store.write(begun)
    workbench.maker.work_on(made.id)
    return made


@router.get("/api/projects/{project_id}/feature-sets/{feature_set_id}", summary="One feature set")
async def show_feature_set(workbench: Shared, project: ViewedProject, feature_set_id: Number) -> FeatureSetShown:
    """What was asked, how much each part holds, and in `sections` everything that `tagloom data inspect` finds."""
    return await workbench.store.read(lambda connection: _found(connection, project.id, feature_set_id))


@router.put("/api/projects/{project_id}/feature-sets/{feature_set_id}", status_code=204, summary="Rename a feature set")
async def call_feature_set(
    workbench: Shared, project: ManagedProject, feature_set_id: Number, name: FeatureSetName
) -> None:
    """Another name for people; what it holds stays as it is."""

    def renamed(connection: Connection) -> None:
        feature_set_in(connection, project.id, feature_set_id)
        rename_feature_set(connection, feature_set_id, name.name)

    await workbench.store.write(renamed)


@router.delete(
    "/api/projects/{project_id}/feature-sets/{feature_set_id}", status_code=204, summary="Take a feature set away"
)
async def drop_feature_set(workbench: Shared, project: ManagedProject, feature_set_id: Number) -> None:
    """With its folder; one that trainings have learned from stays."""
    await workbench.store.write(
        lambda connection: remove_feature_set(connection, feature_set_in(connection, project.id, feature_set_id))
    )
    workbench.maker.stop(feature_set_id)


def _found(connection: Connection, project_id: int, feature_set_id: int) -> FeatureSetShown:
    one = feature_set_in(connection, project_id, feature_set_id)
    return _shown(one, sections_of(connection, one.id))


def _shown(one: FeatureSet, sections: list[dict[str, Any]] | None = None) -> FeatureSetShown:
    return FeatureSetShown(
        id=one.id,
        name=one.name,
        by=one.by,
        asked=one.asked.to_json(),
        state=one.state,
        parts=one.parts,
        severities=one.severities,
        num_trainings=one.num_trainings,
        error=one.error,
        created_at=one.created_at,
        sections=sections,
    )


def _asked(new: NewFeatureSet) -> Asked:
    """What is asked, as far as it can be known without the documents.

    Raises:
        Refused: a filter is none, or something is missing, with the place of it.
    """
    errors = [{"pointer": f"/{place}", "detail": detail} for place, detail in _faults(new)]
    if errors:
        raise Refused("wrong-fields", errors[0]["detail"], errors=errors)
    return Asked(
        way=new.way,
        with_drafts=new.with_drafts,
        where=new.where.strip(),
        drop_duplicates=new.drop_duplicates,
        ratios=new.ratios,
        seed=new.seed,
        by=new.by.strip(),
        by_time=new.by_time.strip(),
        dev_where=new.dev_where.strip(),
        test_where=new.test_where.strip(),
        rest=new.rest,
        rules=tuple(PlaceRule(rule.where, rule.place) for rule in new.rules),
        documents=new.documents,
    )


def _faults(new: NewFeatureSet) -> list[tuple[str, str]]:
    """What does not fit, by its place in the body."""
    filters = {"where": new.where}
    found = []
    match new.way:
        case Way.FILTERS:
            filters |= {"dev_where": new.dev_where, "test_where": new.test_where}
            if not new.dev_where.strip() and not new.test_where.strip():
                found.append(("dev_where", "Say which documents are the dev part, or the test part, or both."))
        case Way.TIME if not new.by_time.strip():
            found.append(("by_time", "Say which field has the time."))
        case Way.CHOICE:
            filters |= {f"rules/{place}/where": rule.where or " " for place, rule in enumerate(new.rules)}
    if new.way in (Way.RATIOS, Way.TIME) and (abs(sum(new.ratios) - 1) > 1e-6 or new.ratios[0] <= 0):
        found.append(("ratios", "The shares of train, dev and test sum to 100 %, and train has some."))
    return found + [(place, told) for place, text in filters.items() if (told := _filter_fault(text))]


def _filter_fault(text: str) -> str:
    """What is wrong with a filter; empty where nothing is."""
    if not text:
        return ""
    try:
        Filter.parse(text)
    except ConfigError as error:
        return str(error)
    return ""
