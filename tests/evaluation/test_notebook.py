"""Reports and errors in a notebook."""

import re
from dataclasses import replace

import made_reports as made
import pytest

from tagloom.evaluation.failures import Failure
from tagloom.evaluation.notebook import failures_to_displacy
from tagloom.text import Span

EVIL = "<script>alert(1)</script>"


def test_a_report_is_a_table_with_intervals_where_they_are_known() -> None:
    text = re.sub(r"<[^>]+>", " ", made.report(details=made.details())._repr_html_())
    assert "PNAME" in text
    assert "90.0 %  86.0 to 92.0" in text
    assert "weighted" in text
    assert "1,204 sentences" in text
    assert " to " not in made.report()._repr_html_()


def test_hostile_labels_are_inert() -> None:
    html = made.report([EVIL])._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_of_many_labels_the_most_frequent_are_shown() -> None:
    html = made.report([f"LABEL-{number:03}" for number in range(200)])._repr_html_()
    assert html.count("<tr") == 1 + 50 + 3
    assert "The 50 most frequent of 200 labels." in html


def test_a_report_of_nothing_shows_its_averages() -> None:
    assert made.report([])._repr_html_().count("<tr") == 4


def test_a_failure_becomes_two_texts_for_displacy() -> None:
    failure = Failure(
        11, "review-7", "A D90.", [Span(2, 5, "PNAME")], [Span(0, 5, "PNAME", 0.7)], ["wrong_edge"], ["wrong_edge"]
    )
    assert failures_to_displacy([failure]) == [
        {
            "text": "A D90.",
            "ents": [{"start": 2, "end": 5, "label": "PNAME ✕ wrong edge"}],
            "title": "sentence 12, document review-7: right",
        },
        {
            "text": "A D90.",
            "ents": [{"start": 0, "end": 5, "label": "PNAME ✕ wrong edge"}],
            "title": "sentence 12, document review-7: found",
        },
    ]


def test_what_is_right_keeps_its_label_alone() -> None:
    right, found = failures_to_displacy([made.failure(0)])
    assert [each["label"].endswith("missed") for each in right["ents"]] == [True, False]
    assert len(found["ents"]) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_displacy_renders_failures() -> None:
    renderer = pytest.importorskip("spacy.displacy")
    failures = [replace(made.failure(number), document=EVIL) for number in range(5)]
    html = renderer.render(failures_to_displacy(failures), style="ent", manual=True, page=True, jupyter=False)
    assert html.count('class="entities"') == 10
    assert "missed" in html
    assert "<script" not in html
