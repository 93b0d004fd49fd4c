from judging_cases import REVIEWS, judged

from tagloom.evaluation.failures import failures
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.matching import match
from tagloom.text import Span


def of(case: Judged) -> list:
    return failures(case, [match(*both) for both in zip(case.gold, case.predicted, strict=True)])


def test_every_sentence_with_an_error_is_there_and_no_other() -> None:
    rows = [*REVIEWS, ("A missed D90", [(2, 3, "PNAME")], []), REVIEWS[0]]
    assert [(one.number, one.document) for one in of(judged(*rows))] == [
        (number, f"review {number}") for number in (1, 2, 4, 5)
    ]


def test_spans_count_from_the_start_of_the_sentences_own_text() -> None:
    first, _, last = of(judged(*REVIEWS))
    assert first.text == "The Canon EOS has a bright viewfinder"
    assert first.gold == [Span(4, 13, "PNAME"), Span(20, 37, "PFEATURE")]
    assert first.predicted == [Span(10, 13, "PNAME", 0.4)]
    assert (first.gold_outcomes, first.predicted_outcomes) == (("wrong_edge", "missed"), ("wrong_edge",))
    assert [first.text[span.start : span.end] for span in (*first.gold, *first.predicted)] == [
        "Canon EOS",
        "bright viewfinder",
        "EOS",
    ]
    assert (last.gold, last.predicted) == ([], [Span(4, 10, "PFEATURE", 0.3)])
    assert (last.gold_outcomes, last.predicted_outcomes) == ((), ("invented",))
