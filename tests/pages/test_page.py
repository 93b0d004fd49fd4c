"""Pages are one file, ask nobody for anything, and take no text for markup."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("plotly")
pytest.importorskip("jinja2")

from chromium import Opened
from tagloom.pages import charts, curves
from tagloom.pages.browser import Browser, Example, Mark
from tagloom.pages.charts import Measure
from tagloom.pages.heat_map import heat_map
from tagloom.pages.page import Advice, Columns, Facts, Note, Page, Paragraph, Section, Share, Table

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
        Advice("warning", EVIL, EVIL, [(EVIL, EVIL)]),
        Paragraph(EVIL),
        Columns([charts.measured_bars(EVIL, {EVIL: Measure(0.5, 0.4, 0.8)}, unit="F1", note=EVIL)]),
        curves.lines(EVIL, [curves.Line(EVIL, [(1, 2)])], along=EVIL, unit=EVIL, upright=curves.Upright(1, EVIL)),
        heat_map(EVIL, [[1]], rows=[EVIL], columns=[EVIL], along=(EVIL, EVIL), right_diagonal=True),
        Browser([Example(0, EVIL, EVIL, [Mark(0, 4, EVIL, EVIL)], [])], [EVIL]),
    ]
    return Page(EVIL, EVIL, [Section(EVIL, blocks)]).render()


def test_texts_are_shown_and_none_is_markup(page: str) -> None:
    seen = Seen(page)
    assert {tag for tag, _ in seen.tags} & {"img", "b", "iframe", "link", "object", "form"} == set()
    assert [tag for tag, _ in seen.tags].count("script") == 8
    assert not any(name.startswith("on") for _, attributes in seen.tags for name in attributes)
    assert seen.text.count(EVIL) == 26


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    seen = Seen(page)
    assert not any("src" in attributes for _, attributes in seen.tags)
    assert all((attributes.get("href") or "#").startswith("#") for _, attributes in seen.tags)
    assert "@import" not in page.partition("</style>")[0]
    assert seen.policy.startswith("default-src 'none'; ")


def test_the_browser_may_run_our_scripts_and_no_other(page: str) -> None:
    policy = Seen(page).policy
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    bodies = re.findall(r'<script(?: type="text/plain" id="library")?>(.*?)</script>', page, re.DOTALL)
    assert [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies] == allowed
    assert "unsafe-eval" not in policy


def test_what_can_be_read_stands_before_all_data_and_the_library_stands_last(page: str) -> None:
    places = [
        page.index(part) for part in ("</main>", "<script", 'id="charts"', 'id="browser-0-index"', 'id="library"')
    ]
    assert places == sorted(places)
    assert page.index("</main>") < 60_000


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
    assert len(data) == 6
    assert not any("<" in text for text in strings(data))
    templates = [trace[key] for chart in data for trace in chart["data"] for key in trace if "template" in key]
    assert set(templates) == {"%{text}"}  # of the heat map, whose texts are counts
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


def test_shares_in_tables_are_figures_with_a_bar() -> None:
    page = Page("A", "", [Section("b", [Table(["c", "F1"], [("d", Share(0.875))])])]).render()
    assert "87.5 %" in Seen(page).text
    assert "width: 87.5%" in page


def test_a_table_ends_with_its_totals() -> None:
    rows = [("a", "1"), ("b", "2"), ("all", "3")]
    page = Page("A", "", [Section("b", [Table(["c", "n"], rows, num_totals=1)])]).render()
    body, _, foot = page.partition("<tfoot>")
    assert ">b<" in body
    assert ">all<" not in body
    assert ">all<" in foot


def test_charts_are_drawn_in_the_colours_of_light_and_dark(page: str, opened: Callable[..., Opened]) -> None:
    script = """
    await until(() => document.querySelectorAll(".chart .main-svg").length >= 6);
    const title = document.querySelector(".chart .xtitle");
    return [matchMedia("(prefers-color-scheme: dark)").matches, getComputedStyle(title).fill];
    """
    light, dark = (opened(page, script=script, is_dark=is_dark) for is_dark in (False, True))
    assert (light.complaints, dark.complaints) == ([], [])
    assert light.told == [False, "rgb(29, 36, 48)"]
    assert dark.told == [True, "rgb(228, 232, 238)"]


def test_a_command_can_be_copied_or_selected(opened: Callable[..., Opened]) -> None:
    page = Page("A", "", [Section("b", [Advice("info", "c", "d", [("e", "tagloom train"), ("f", "")])])]).render()
    script = """
    const buttons = [...document.querySelectorAll("button.copy")];
    buttons[0].click();
    await until(() => buttons[0].textContent !== "Copy");
    return [buttons.length, buttons[0].hidden, buttons[0].textContent, getSelection().toString()];
    """
    told = opened(page, script=script).told
    assert told in ([1, False, "Copied", ""], [1, False, "Selected", "tagloom train"])


def test_a_phone_has_nothing_to_move_sideways(page: str, opened: Callable[..., Opened]) -> None:
    narrow = page.replace("<body>", '<body style="width: 390px">')
    script = """
    await until(() => document.querySelectorAll(".chart .main-svg").length >= 6);
    const wide = [...document.querySelectorAll("main *")].filter((each) => !each.closest(".scroll, .modebar-container"))
      .filter((each) => each.getBoundingClientRect().right > 391);
    return wide.map((each) => each.outerHTML.slice(0, 80));
    """
    seen = opened(narrow, script=script, width=500)
    assert (seen.told, seen.complaints) == ([], [])
