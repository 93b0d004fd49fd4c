"""The browser of examples, as data and in Chromium."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("plotly")
pytest.importorskip("jinja2")

from chromium import Opened
from tagloom.pages import charts
from tagloom.pages.browser import BLOCK_SIZE, Browser, Example, Mark
from tagloom.pages.page import Advice, Page, Section

EVIL = "<img src=x onerror=document.title=1></script><script>document.title=2</script>\"'&amp;<b>{{ 7*7 }}\u2028"
FAULTS = ["missed", "invented"]


def example(number: int) -> Example:
    """Of every three examples one misses an A, one invents a B, and one does both."""
    text = f"sentence {number} has a lens" + (" of glass" if number % 100 == 7 else "")
    missed = [Mark(0, 8, "A", "missed")] if number % 3 != 1 else []
    invented = [Mark(9, 10, "B", "invented", 0.5)] if number % 3 != 0 else []
    return Example(number, f"document-{number}", text, missed, invented)


def page(browser: Browser) -> str:
    return Page("Errors", "", [Section("Every error", [browser])]).render()


def read(page: str, name: str) -> Any:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert not set("<>&\u2028") & set(found.group(1))
    return json.loads(found.group(1))


MANY = Browser([example(number) for number in range(1_000)], FAULTS)


def test_every_example_lies_in_a_block() -> None:
    html = page(MANY)
    rows = [row for block in range(-(-1_000 // BLOCK_SIZE)) for row in read(html, f"browser-0-block-{block}")]
    assert [row[0] for row in rows] == list(range(1_000))
    assert rows[2] == [2, "document-2", "sentence 2 has a lens", [[0, 8, 0, 0]], [[9, 10, 1, 1, 500]]]


def test_the_index_names_the_faults_of_each_example_with_their_labels() -> None:
    index = read(page(MANY), "browser-0-index")
    names = [[(FAULTS[code // 2], index["labels"][code % 2]) for code in codes] for codes in index["codes"][:3]]
    assert names == [[("missed", "A")], [("invented", "B")], [("missed", "A"), ("invented", "B")]]


def test_what_can_be_chosen_says_how_many_examples_it_has() -> None:
    assert MANY.fault_counts() == [("missed", 667), ("invented", 666)]
    assert MANY.label_counts() == [("A", 667), ("B", 666)]


def test_offsets_count_as_javascript_does() -> None:
    row = read(
        page(Browser([Example(0, "", "a 😀😀 b", [Mark(5, 6, "A", "missed")], [])], FAULTS)), "browser-0-block-0"
    )
    assert row[0][3] == [[7, 8, 0, 0]]


SHOWN = """
const told = () => document.querySelector(".told").textContent;
const items = () => [...document.querySelectorAll(".examples li")].map((item) => item.innerText);
const done = () => until(() => document.querySelector(".browser").dataset.state === "done");
const choose = async (name, value, kind = "change") => {
  const place = document.querySelector(".browser ." + name);
  place.value = value;
  document.querySelector(".browser").dataset.state = "asked";
  place.dispatchEvent(new Event(kind, { bubbles: true }));
  await done();
};
await done();
"""


def test_it_turns_pages_of_25(opened: Callable[..., Opened]) -> None:
    script = """
    const first = items();
    document.querySelector(".after").click();
    const second = items();
    document.querySelector(".number").value = "40";
    document.querySelector(".number").dispatchEvent(new Event("change"));
    const last = items();
    return [told(), first, second, last, document.querySelector(".after").disabled];
    """
    seen = opened(page(MANY), script=SHOWN + script)
    assert seen.complaints == []
    told, first, second, last, at_end = seen.told
    assert told == "1,000 sentences"
    assert [len(each) for each in (first, second, last)] == [25, 25, 25]
    assert first[0].startswith("sentence 1, document document-0")
    assert second[0].startswith("sentence 26, document document-25")
    assert last[-1].startswith("sentence 1,000, document document-999")
    assert at_end


def test_it_shows_what_is_right_above_what_was_found_with_label_score_and_fault(opened: Callable[..., Opened]) -> None:
    seen = opened(page(MANY), script=SHOWN + "return items()[2];")
    lines = [" ".join(line.split()) for line in seen.told.split("\n") if line.strip()]
    joined = " ".join(lines)
    assert "right sentence A ✕ missed 2 has a lens" in joined
    assert "found sentence 2 B 50.0 % ✕ invented has a lens" in joined


def test_filters_and_search_narrow_what_is_shown(opened: Callable[..., Opened]) -> None:
    script = """
    const all = [];
    await choose("fault", "0"); all.push(told());
    await choose("label", "1"); all.push(told());
    await choose("fault", ""); all.push(told());
    await choose("search", "OF Glass", "input"); all.push(told(), items()[0]);
    await choose("label", ""); all.push(told());
    await choose("search", "document-99", "input"); all.push(told());
    await choose("search", "nowhere", "input"); all.push(told(), items().length);
    return all;
    """
    numbers = [number for number in range(1_000) if number % 100 == 7]
    invented = [number for number in numbers if number % 3 != 0]
    seen = opened(page(MANY), script=SHOWN + script)
    assert seen.complaints == []
    assert seen.told[:4] == ["667 sentences", "0 sentences", "666 sentences", f"{len(invented)} sentences"]
    assert seen.told[4].startswith(f"sentence {invented[0] + 1}, document ")
    assert seen.told[5:] == ["10 sentences", "11 sentences", "0 sentences", 0]


def test_hostile_texts_do_nothing(opened: Callable[..., Opened]) -> None:
    marks = [Mark(2, 9, EVIL, EVIL, 0.25)]
    blocks = [
        Browser([Example(0, EVIL, EVIL, marks, marks)], [EVIL]),
        Advice("warning", EVIL, EVIL, [(EVIL, EVIL)]),
        charts.measured_bars(EVIL, {EVIL: charts.Measure(0.5, 0.4, 0.7)}, unit="F1"),
    ]
    html = Page("Title", EVIL, [Section(EVIL, blocks)]).render()
    script = """
    await until(() => document.querySelector(".main-svg"));
    await choose("fault", "0");
    const number = (of) => document.querySelectorAll(of).length;
    return [document.title, number("img, b b, iframe"), number("mark"), document.querySelector(".words").innerText];
    """
    seen = opened(html, script=SHOWN + script)
    assert seen.complaints == []
    title, foreign, marked, text = seen.told
    assert (title, foreign, marked) == ("Title", 0, 2)
    assert text.startswith("<img")
    assert "onerror" in text


def test_sentences_keep_their_direction(opened: Callable[..., Opened]) -> None:
    hebrew = Example(0, "", "המצלמה החדשה של Nikon טובה", [Mark(15, 20, "BRAND", "missed")], [])
    script = 'return getComputedStyle(document.querySelector(".words")).direction;'
    assert opened(page(Browser([hebrew], FAULTS)), script=SHOWN + script).told == "rtl"


def test_a_new_question_stops_the_search_for_an_older_one(opened: Callable[..., Opened]) -> None:
    script = """
    let time = 0;
    performance.now = () => time += 100;  // every slice is over after one example
    const browser = document.querySelector(".browser");
    browser.querySelector(".search").value = "sentence";
    browser.querySelector(".search").dispatchEvent(new Event("input"));
    await pause(200);
    const state = browser.dataset.state;
    await choose("search", "of glass", "input");
    const answer = told();
    await pause(1500);
    return [state, answer, told()];
    """
    few = Browser([example(number) for number in range(200)], FAULTS)
    assert opened(page(few), script=SHOWN + script).told == ["searching", "2 sentences", "2 sentences"]


def test_every_control_has_a_name_and_is_reached_by_keyboard() -> None:
    html = page(MANY)
    controls = re.findall(r"<(?:select|input)[^>]*>", html)
    assert len(controls) == 4
    assert 'tabindex="-1"' not in html
    assert html.count("<label>") == 4
