"""Pages are one file, ask nobody for anything, and take no text for markup."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("plotly")
pytest.importorskip("jinja2")

from tagloom.pages import charts
from tagloom.pages.page import Facts, Note, Page, Section, Table

EVIL = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"'&amp;<b>{{ 7*7 }}\u2028"


class Seen(HTMLParser):
    """The tags of a page with their attributes, and its text without that of scripts and style sheets."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if not self.cdata_elem:
            self.text += data

    @property
    def policy(self) -> str:
        (policy,) = [own["content"] for _, own in self.tags if own.get("http-equiv") == "Content-Security-Policy"]
        assert policy is not None
        return policy


@pytest.fixture(scope="module")
def page() -> str:
    blocks = [
        Facts([(EVIL, EVIL)]),
        Table([EVIL, "n"], [(EVIL, "1")], title=EVIL),
        Note("warning", EVIL, "1", EVIL, [EVIL]),
        charts.bars(EVIL, {EVIL: 3, "2020-01-01": 2}, unit="entities"),
        charts.shares(EVIL, {EVIL: {EVIL: 1, "%{x}": 2}}, unit="entities"),
        charts.histogram(EVIL, [(1, 2, 5), (3, 9, 1)], along="words", unit="sentences"),
    ]
    return Page(EVIL, EVIL, [Section(EVIL, blocks)]).render()


def test_texts_are_shown_and_none_is_markup(page: str) -> None:
    seen = Seen(page)
    assert {tag for tag, _ in seen.tags} & {"img", "b", "iframe", "link", "object", "form"} == set()
    assert [tag for tag, _ in seen.tags].count("script") == 3
    assert not any(name.startswith("on") for _, attributes in seen.tags for name in attributes)
    assert seen.text.count(EVIL) == 15


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    seen = Seen(page)
    assert not any({"src", "href"} & set(attributes) for _, attributes in seen.tags)
    assert "@import" not in page.partition("</style>")[0]
    assert seen.policy.startswith("default-src 'none'; ")


def test_the_browser_may_run_our_two_scripts_and_no_other(page: str) -> None:
    policy = Seen(page).policy
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    bodies = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies] == allowed
    assert "unsafe-eval" not in policy


def chart_data(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/json" id="charts">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert not set("<>&\u2028") & set(found.group(1))
    data: list[dict[str, Any]] = json.loads(found.group(1))
    return data


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [each for inner in value.values() for each in strings(inner)]
    if isinstance(value, list):
        return [each for inner in value for each in strings(inner)]
    return [value] if isinstance(value, str) else []


def test_plotly_gets_no_tag_and_no_template(page: str) -> None:
    data = chart_data(page)
    assert len(data) == 3
    assert not any("<" in text for text in strings(data))
    assert not any("template" in key for chart in data for trace in chart["data"] for key in trace)
    assert data[0]["layout"]["yaxis"]["ticktext"][1] == "2020-01-01"
    assert data[0]["data"][0]["y"] == [0, 1]  # places: names are never read as dates or numbers


def test_a_page_without_charts_runs_no_script() -> None:
    page = Page("A", "b", [Section("c", [Facts([("d", "1")])])]).render()
    assert "<script" not in page
    assert "script-src 'none'" in Seen(page).policy
    assert len(page) < 10_000


def test_the_same_page_is_written_byte_for_byte(tmp_path: Path) -> None:
    page = Page("A", "half a pair \ud800", [Section("c", [charts.bars("t", {"x": 1}, unit="n")])])
    for name in ("one.html", "two.html"):
        page.write(tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_shares_are_of_each_row() -> None:
    chart = charts.shares("t", {"train": {"A": 3, "B": 1}, "test": {"B": 5}}, unit="entities")
    assert [trace["x"] for trace in chart.traces] == [[75.0, 0.0], [25.0, 100.0]]
