"""The page of a report: all that is known, in order, and nothing where nothing is known."""

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("plotly")
pytest.importorskip("jinja2")

import made_reports as made

from chromium import find_chromium, open_page
from tagloom.evaluation.diagnosis.diagnosis import Action, Diagnosis
from tagloom.evaluation.page.page import report_page
from tagloom.pages.browser import Browser
from tagloom.pages.charts import Chart
from tagloom.pages.page import Advice, Block, Columns, Facts, Page, Share, Table

MANY_LABELS = [f"LABEL-{number:03}" for number in range(200)]


def blocks(page: Page) -> dict[str, list[Block]]:
    """Of each section its blocks, those side by side one after the other."""

    def flat(each: Block) -> list[Block]:
        return [inner for block in each.blocks for inner in flat(block)] if isinstance(each, Columns) else [each]

    return {section.title: [one for each in section.blocks for one in flat(each)] for section in page.sections}


def chart(of: list[Block], title: str) -> Chart:
    (found,) = [block for block in of if isinstance(block, Chart) and block.title.startswith(title)]
    return found


def table(of: list[Block], title: str) -> Table:
    (found,) = [block for block in of if isinstance(block, Table) and block.title.startswith(title)]
    return found


@pytest.fixture(scope="module")
def whole() -> Page:
    failures = [made.failure(number) for number in range(60)]
    reports = {"test": made.report(details=made.details(failures=failures)), "dev": made.report(best=0.95)}
    return report_page(
        "reviews",
        reports,
        subtitle="runs/reviews",
        history=made.history(),
        best_epoch=8,
        learning_curve=made.learning_curve(),
        diagnosis=made.diagnosis(),
        temperature=1.3,
    )


def test_everything_has_its_section_in_the_order_of_questions(whole: Page) -> None:
    assert (whole.title, whole.subtitle) == ("reviews", "runs/reviews")
    assert list(blocks(whole)) == [
        "How good it is: test",
        "What to do",
        "Labels",
        "Where it fails",
        "How sure it is",
        "Training",
        "Other parts",
        "Every error",
    ]


def test_the_headline_comes_with_its_interval(whole: Page) -> None:
    (facts,) = blocks(whole)["How good it is: test"]
    assert isinstance(facts, Facts)
    assert dict(facts.facts) == {
        "strict micro F1": "85.0 %",
        "precision": "88.0 %",
        "recall": "82.0 %",
        "entities": "1,510",
        "sentences": "1,204",
        "words": "24,310",
        "words with the right tag": "97.0 %",
    }
    assert facts.notes["strict micro F1"] == "95 % interval 81.0 to 87.0"
    assert facts.notes["words with the right tag"] == "95 % interval 96.1 to 97.8"


def test_what_to_do_has_commands(whole: Page) -> None:
    first, second = blocks(whole)["What to do"]
    assert isinstance(first, Advice)
    assert isinstance(second, Advice)
    assert first.actions[0] == ("More dropout.", "tagloom train reviews.json --set dropout=0.6 -o runs/reviews-dropout")
    assert (second.severity, list(second.actions)) == ("info", [])


def test_labels_have_bars_with_intervals_and_a_table_with_averages_and_modes(whole: Page) -> None:
    labels = blocks(whole)["Labels"]
    (trace,) = chart(labels, "F1 of each label").traces
    assert trace["x"] == pytest.approx([90, 84, 78, 72])
    assert trace["error_x"]["arrayminus"] == pytest.approx([4] * 4)
    scores = table(labels, "Scores, strict")
    assert [row[0] for row in scores.rows] == [*made.LABELS, "micro", "macro", "weighted"]
    assert list(scores.columns[-2:]) == ["F1, conlleval", "F1, partial"]
    assert scores.rows[0] == ("PNAME", "90.0", "86.0 to 92.0", "93.0", "87.0", "400", "91.0", "94.0")
    assert len(table(labels, "Averages in every mode").rows) == 9


def test_confusion_keeps_edge_cases_apart_and_names_what_is_missed_and_invented(whole: Page) -> None:
    fails = blocks(whole)["Where it fails"]
    same, other = chart(fails, "Labels where the edges are right"), chart(fails, "Labels where the edges are wrong")
    assert same.layout["xaxis"]["ticktext"] == [*made.LABELS, "nothing"]
    assert other.layout["yaxis"]["ticktext"] == [*made.LABELS]
    confusion = made.confusion(made.LABELS)
    assert same.traces[1]["text"][0][0] == "1,350"
    assert other.traces[0]["text"][0][0] == (f"{confusion.other_edges[0][0]:,}" if confusion.other_edges[0][0] else "")


def test_outcomes_are_summed_up(whole: Page) -> None:
    outcomes = table(blocks(whole)["Where it fails"], "What became of the entities")
    label_rows, total = outcomes.rows[:-1], outcomes.rows[-1]
    for column in range(1, len(outcomes.columns)):
        assert total[column] == f"{sum(int(str(row[column])) for row in label_rows):,}"


def test_breakdowns_and_surfaces_are_tables(whole: Page) -> None:
    fails = blocks(whole)["Where it fails"]
    assert table(fails, "Entities seen in training").rows[1][:2] == ("new", Share(0.71))
    assert table(fails, "Most often wrong").rows[3] == ("grip", "invented", "", "PFEATURE", "3", "")


def test_calibration_is_shown_before_and_after_with_thresholds(whole: Page) -> None:
    sure = blocks(whole)["How sure it is"]
    (facts,) = [block for block in sure if isinstance(block, Facts)]
    assert [figure for _, figure in facts.facts] == ["11.2 %", "2.1 %", "1.30"]
    assert [trace["name"] for trace in chart(sure, "How often a score is right").traces] == [
        "as said",
        "before",
        "after",
    ]
    assert [trace["name"] for trace in chart(sure, "What a threshold brings").traces] == ["precision", "recall", "F1"]
    wanted = table(sure, "Thresholds for a wanted precision").rows
    assert wanted[0][:2] == ("90.0 %", "0.50")
    assert wanted[1][:2] == ("99.0 %", "none reaches it")


def test_training_is_shown_by_train_against_dev_with_the_epoch_that_was_kept(whole: Page) -> None:
    training = blocks(whole)["Training"]
    loss, f1 = chart(training, "Loss"), chart(training, "F1 after each epoch")
    assert [trace["name"] for trace in loss.traces] == ["train", "dev", "train, without dropout"]
    assert [trace["name"] for trace in f1.traces][:2] == ["train", "dev"]
    assert loss.traces[0]["x"] == list(range(1, 13))
    assert f1.layout["shapes"][0]["x0"] == 9
    assert "+5.0 points" in chart(training, "What more data brings").note


def test_a_history_without_loss_on_dev_and_without_a_sample_of_train_has_its_curves() -> None:
    records = [replace(record, train={}, dev={"f1": record.dev["f1"]}) for record in made.history()]
    training = blocks(report_page("t", {"test": made.report()}, history=records))["Training"]
    assert [trace["name"] for trace in chart(training, "Loss").traces] == ["train"]
    f1 = chart(training, "F1 after each epoch")
    assert [trace["name"] for trace in f1.traces] == ["dev"]
    assert "shapes" not in f1.layout


def test_other_parts_stand_beside_the_headline(whole: Page) -> None:
    micro, labels = blocks(whole)["Other parts"]
    assert isinstance(micro, Table)
    assert [row[:3] for row in micro.rows] == [("test", "85.0", "81.0 to 87.0"), ("dev", "90.0", "")]
    assert isinstance(labels, Table)
    assert labels.rows[-1] == ("PNAME", "90.0", "95.0")


def test_every_failure_can_be_browsed_with_its_faults_in_words(whole: Page) -> None:
    (browser,) = blocks(whole)["Every error"]
    assert isinstance(browser, Browser)
    assert len(browser.examples) == 60
    assert dict(browser.fault_counts()) == dict.fromkeys(
        ("missed", "invented", "wrong edge", "wrong label", "wrong both"), 12
    )
    assert [(mark.fault, mark.score) for mark in browser.examples[1].found] == [("invented", 0.61), ("", 0.98)]


def test_a_report_of_scores_alone_has_a_page() -> None:
    page = report_page("scores", {"test": made.report()})
    assert list(blocks(page)) == ["How good it is: test", "Labels"]
    (trace,) = chart(blocks(page)["Labels"], "F1 of each label").traces
    assert trace["error_x"]["visible"] is False
    assert "nothing" not in page.render().partition("</main>")[0]


def test_a_part_without_a_name_is_not_named() -> None:
    page = report_page("scores", {"": made.report()})
    assert next(iter(blocks(page))) == "How good it is"


def test_a_report_of_nothing_has_a_page() -> None:
    page = report_page("nothing", {"test": made.report([])})
    assert list(blocks(page)) == ["How good it is: test"]
    assert "<script" not in page.render()


def test_details_without_calibration_failures_or_breakdowns_leave_their_places_out() -> None:
    bare = replace(made.details(is_calibrated=False), breakdowns=[], surfaces=[])
    assert list(blocks(report_page("t", {"test": made.report(details=bare)}))) == [
        "How good it is: test",
        "Labels",
        "Where it fails",
    ]


def test_two_hundred_labels_are_cut_in_charts_and_not_in_tables() -> None:
    page = report_page("many", {"test": made.report(MANY_LABELS, details=made.details(MANY_LABELS))})
    bars = chart(blocks(page)["Labels"], "F1 of each label")
    assert len(bars.traces[0]["x"]) == 30
    assert bars.note == "The 30 most frequent of 200 labels; the table has all."
    assert len(table(blocks(page)["Labels"], "Scores").rows) == 203
    same = chart(blocks(page)["Where it fails"], "Labels where the edges are right")
    assert len(same.layout["xaxis"]["ticktext"]) == 16
    assert same.note.endswith("The 15 labels of 200 that are most often wrong.")


def test_the_labels_of_a_cut_heat_map_are_those_with_most_errors() -> None:
    size = len(MANY_LABELS)
    same = [[9 if row == column else 0 for column in range(size + 1)] for row in range(size + 1)]
    same[180][170] = 5
    same[150][size] = 3
    confusion = replace(made.confusion(MANY_LABELS), same_edges=same, other_edges=[[0] * (size + 1)] * (size + 1))
    details = replace(made.details(MANY_LABELS), confusion=confusion)
    fails = blocks(report_page("many", {"test": made.report(MANY_LABELS, details=details)}))["Where it fails"]
    shown = chart(fails, "Labels where the edges are right").layout["xaxis"]["ticktext"]
    assert {"LABEL-180", "LABEL-170", "LABEL-150"} < set(shown)
    assert not [block for block in fails if isinstance(block, Chart) and "edges are wrong" in block.title]


def test_the_whole_page_draws_itself_without_complaint(whole: Page, tmp_path: Path) -> None:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium is installed; `apt-get install chromium` brings one")
    script = """
    const charts = document.querySelectorAll(".chart");
    await until(() => [...charts].every((chart) => chart.querySelector(".main-svg")));
    await until(() => document.querySelector(".browser").dataset.state === "done");
    return [charts.length, document.querySelectorAll(".examples li").length,
            document.documentElement.scrollWidth <= innerWidth];
    """
    seen = open_page(program, whole.render(), tmp_path, script=script)
    assert seen.complaints == []
    assert seen.told == [8, 25, True]


def test_hostile_labels_and_texts_are_inert_in_every_section() -> None:
    evil = "<script>alert(1)</script>"
    failures = [replace(made.failure(0, labels=[evil, "B"]), document=evil)]
    diagnosis = [Diagnosis(evil, "info", evil, evil, [Action(evil, evil)])]
    report = made.report([evil, "B"], details=made.details([evil, "B"], failures))
    page = report_page(evil, {evil: report, "dev": report}, subtitle=evil, diagnosis=diagnosis).render()
    assert evil not in page.partition('id="library"')[0]
