"""What the list of projects says of each: how many documents, how many are labelled, how good its newest model is."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from tagloom.workbench.accounts.people import Person
from tagloom.workbench.database.tables import documents, trainings
from tagloom.workbench.documents.states import State
from tagloom.workbench.projects.projects import Project, projects_of


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """A project, in short.

    Args:
        project: itself.
        num_documents: that are labelled or are to be: all but what was discarded.
        num_labelled: of these.
        f1: of its newest judged model, strict and over all labels; None where it has none.
    """

    project: Project
    num_documents: int
    num_labelled: int
    f1: float | None


def summaries_for(connection: Connection, person: Person) -> list[ProjectSummary]:
    """The projects that a person sees, the newest first."""
    counts: dict[int, dict[str, int]] = {}
    states = select(documents.c.project_id, documents.c.state, func.count()).group_by("project_id", "state")
    for project_id, state, count in connection.execute(states):
        counts.setdefault(project_id, {})[state] = count
    f1 = _newest_f1(connection)
    return [
        _summary(project, counts.get(project.id, {}), f1.get(project.id)) for project in projects_of(connection, person)
    ]


def _summary(project: Project, counts: dict[str, int], f1: float | None) -> ProjectSummary:
    num_documents = sum(count for state, count in counts.items() if state != State.DISCARDED)
    return ProjectSummary(project, num_documents, counts.get(State.SUBMITTED, 0), f1)


def _newest_f1(connection: Connection) -> dict[int, float]:
    """F1 of the newest judged model of each project that has one."""
    newest = select(func.max(trainings.c.id)).where(trainings.c.scores["f1"].as_float() >= 0).group_by("project_id")
    query = select(trainings.c.project_id, trainings.c.scores["f1"].as_float()).where(trainings.c.id.in_(newest))
    return dict(connection.execute(query).all())
