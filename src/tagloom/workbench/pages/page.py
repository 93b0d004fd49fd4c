"""A page as an answer: its template, who looks at it, and data for its scripts."""

from typing import Any

from fastapi.responses import HTMLResponse

from tagloom.pages.rendering import as_json
from tagloom.pages.templates import rendered
from tagloom.serving.problems import Problem
from tagloom.workbench.accounts.people import Person
from tagloom.workbench.projects.projects import Project
from tagloom.workbench.static_files import address_of

_PACKAGE = "tagloom.workbench.pages"
_WITH_CHARTS = (  # plotly writes its styles itself
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def page(
    name: str,
    *,
    title: str,
    person: Person | None,
    project: Project | None = None,
    data: Any = None,
    has_charts: bool = False,
    **content: Any,
) -> HTMLResponse:
    """A page.

    Args:
        name: of its template, without `.html`; a script of the same name in `static/pages/` goes with it.
        title: of its window, and its heading.
        person: who looks at it; None for a visitor.
        project: that it belongs to; None for none.
        data: for its scripts (`pageData()`), as JSON.
        has_charts: whether plotly draws in it.
        content: for its template.
    """
    text = rendered(
        _PACKAGE,
        f"{name}.html",
        {
            "name": name,
            "title": title,
            "person": person,
            "project": project,
            "data": as_json(data),
            "has_charts": has_charts,
            "static": address_of,
            **content,
        },
    )
    headers = {"content-security-policy": _WITH_CHARTS} if has_charts else {}
    return HTMLResponse(text, headers=headers)


def problem_page(problem: Problem, person: Person | None, request_id: str) -> HTMLResponse:
    """What a browser shows in place of a page that there is not."""
    title = problem.kinds[problem.kind].title
    return page("problem", title=title, person=person, detail=problem.detail, request_id=request_id)
