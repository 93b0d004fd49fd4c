"""The page that tells what is in a dataset."""

import pytest

pytest.importorskip("plotly")
pytest.importorskip("jinja2")

from tagloom.data import Dataset, summarise, summarise_parts
from tagloom.data.quality.page import inspection_page
from tagloom.pages.charts import Chart
from tagloom.pages.page import Note, Table
from tagloom.text import Document, Span


def labelled(text: str, label: str) -> Document:
    return Document(text, (Span(0, len(text), label),), text)


def test_the_page_has_a_section_for_all_that_is_told() -> None:
    parts = {
        "train": Dataset((labelled("New York", "LOC"), labelled("Bush ,", "PER"), labelled("Bush ,", "PER"))),
        "test": Dataset((labelled("Rome", "LOC"),)),
    }
    page = inspection_page(summarise_parts(parts), "corpus")
    sections = {section.title: section.blocks for section in page.sections}
    assert list(sections) == [
        "What is in it",
        "What is wrong with it",
        "Labels",
        "Parts",
        "Lengths",
        "Most frequent entities",
    ]
    notes = [block for block in sections["What is wrong with it"] if isinstance(block, Note)]
    assert {note.title for note in notes} >= {"Punctuation edged spans", "Duplicate sentences", "Absent labels"}
    assert [note.severity for note in notes] == sorted((note.severity for note in notes), reverse=True)
    mix = sections["Parts"][0]
    assert isinstance(mix, Chart)
    assert {trace["name"]: trace["x"] for trace in mix.traces}["PER"] == [pytest.approx(200 / 3), 0.0]
    frequent = [block for block in sections["Most frequent entities"] if isinstance(block, Table)]
    assert {table.title: list(table.rows) for table in frequent} == {
        "LOC": [("New York", "1"), ("Rome", "1")],
        "PER": [("Bush ,", "2")],
    }


def test_many_labels_are_cut_in_charts_and_not_in_tables() -> None:
    dataset = Dataset(tuple(labelled(f"w{number}", f"L{number:02}") for number in range(40)))
    page = inspection_page(summarise_parts({"train": dataset, "test": dataset}), "corpus")
    blocks = [block for section in page.sections for block in section.blocks]
    bars, mix = (block for block in blocks if isinstance(block, Chart) and block.title[:3] in ("Ent", "Mix"))
    assert len(bars.traces[0]["x"]) == 30
    assert bars.title.endswith("(the first 30 of 40 labels)")
    assert [trace["name"] for trace in mix.traces][-1] == "all others"
    assert sum(trace["x"][0] for trace in mix.traces) == pytest.approx(100)
    (table,) = [block for block in blocks if isinstance(block, Table) and block.columns[0] == "label"]
    assert len(table.rows) == 40


def test_data_with_nothing_in_it_has_a_page() -> None:
    page = inspection_page(summarise(Dataset()), "nothing")
    assert [section.title for section in page.sections] == ["What is in it", "Nothing is wrong with it"]
    assert "<script" not in page.render()


def test_words_of_entities_are_counted_up_to_five() -> None:
    texts = ["a", "a b", "a b c d e", "a b c d e f g"]
    page = inspection_page(summarise(Dataset(tuple(labelled(text, "X") for text in texts))), "corpus")
    (chart,) = [
        one for section in page.sections for one in section.blocks if getattr(one, "title", "") == "Words in an entity"
    ]
    assert isinstance(chart, Chart)
    assert {trace["name"]: trace["x"] for trace in chart.traces} == {
        "1 word": [25.0],
        "2 words": [25.0],
        "3 words": [0.0],
        "4 words": [0.0],
        "5 or more": [50.0],
    }
