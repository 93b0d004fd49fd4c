from judging_cases import REVIEWS, Row, judged

from tagloom.evaluation.judged import Judged
from tagloom.evaluation.matching import match
from tagloom.evaluation.surfaces import WrongSurface, wrong_surfaces


def wrong(case: Judged) -> list[WrongSurface]:
    return wrong_surfaces(case, [match(*both) for both in zip(case.gold, case.predicted, strict=True)])


def test_a_wrong_entity_is_told_with_what_was_right_and_what_was_found() -> None:
    assert wrong(judged(*REVIEWS)) == [
        WrongSurface("Canon EOS", "wrong_edge", "PNAME", "PNAME", count=1, gold_total=1),
        WrongSurface("Nikon D90", "missed", "PNAME", None, count=1, gold_total=2),
        WrongSurface("bright viewfinder", "wrong_label", "PFEATURE", "PNAME", count=1, gold_total=2),
        WrongSurface("bright viewfinder", "missed", "PFEATURE", None, count=1, gold_total=2),
        WrongSurface("sunset", "invented", None, "PFEATURE", count=1, gold_total=0),
    ]


def test_the_most_frequent_stand_first_and_blanks_do_not_tell_texts_apart() -> None:
    rows: list[Row] = [("an EOS", [(1, 2, "A")], []), ("big  EOS", [(0, 2, "A")], []), ("big EOS", [(0, 2, "A")], [])]
    assert [(one.text, one.count, one.gold_total) for one in wrong(judged(*rows))] == [("big EOS", 2, 2), ("EOS", 1, 1)]


def test_a_text_under_two_labels_counts_for_each_alone() -> None:
    rows: list[Row] = [
        ("EOS", [(0, 1, "A")], []),
        ("EOS", [(0, 1, "B")], [(0, 1, "B", 0.9)]),
        ("EOS", [(0, 1, "B")], []),
    ]
    assert [(one.gold, one.count, one.gold_total) for one in wrong(judged(*rows))] == [("A", 1, 1), ("B", 1, 2)]


def test_no_more_than_fifty_are_told_the_same_in_any_order_of_sentences() -> None:
    rows: list[Row] = [(f"D{number % 60}", [(0, 1, "A")], []) for number in range(100)]
    found = wrong(judged(*rows))
    assert len(found) == 50
    assert {one.count for one in found[:40]} == {2}
    assert wrong(judged(*reversed(rows))) == found
