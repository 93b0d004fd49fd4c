"""An explanation as a page with pictures."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from tagloom.decoding import Floats
from tagloom.inference.explanation import ExplainedPath, Explanation, differences, told_share
from tagloom.pages.charts import Chart
from tagloom.pages.page import Facts, Page, Section, Table
from tagloom.pages.trellis import FORBIDDEN, Line, transition_map, trellis

_MOST_TAGS = 9
_WORDS_A_CHART = 12
_MOST_WORDS = 160
_LONGEST_TITLE = 300
_MOST_LINES = 5


def explanation_page(explanation: Explanation, name: str) -> Page:
    """What `explain` tells, to look at.

    Args:
        explanation: of a sentence.
        name: of the model or the file, for the line below the title.
    """
    sections = [
        Section("What won", [_facts(explanation), _paths(explanation)]),
        Section("Emissions", list(_trellises(explanation))),
        Section("Transitions", [_transitions(explanation)]),
        Section("Word by word", [_steps(explanation)]),
    ]
    return Page(_title(explanation), f"{name}{_left_out(explanation)}", sections)


def _title(explanation: Explanation) -> str:
    text = " ".join(explanation.words)
    return text if len(text) <= _LONGEST_TITLE else text[: _LONGEST_TITLE - 1] + "…"


def _left_out(explanation: Explanation) -> str:
    """What the pictures do not show."""
    told = []
    if len(explanation.tags) > _num_tags(explanation):
        told.append(f"{_num_tags(explanation)} of {len(explanation.tags)} tags, the most probable")
    if len(explanation.words) > _MOST_WORDS:
        told.append(f"the first {_MOST_WORDS} of {len(explanation.words):,} words")
    return f". The pictures show {' and '.join(told)}; the JSON has all." if told else ""


def _num_tags(explanation: Explanation) -> int:
    """How many tags the pictures show: in any case all of the best path."""
    return min(len(explanation.tags), max(_MOST_TAGS, len(set(explanation.best.tags))))


def _facts(explanation: Explanation) -> Facts:
    best = explanation.best
    facts = [("score of the best path", _told(best.score)), ("its probability", told_share(best.probability))]
    if len(explanation.paths) > 1:
        facts.append(("ahead of the next by", _told(best.score - explanation.paths[1].score)))
    facts += [("entities", f"{len(best.chunks)}"), ("temperature", f"{explanation.temperature:.2f}")]
    return Facts(facts)


def _paths(explanation: Explanation) -> Table:
    best = explanation.best
    rows = [
        (
            f"{rank}",
            _told(path.score),
            _told(best.score - path.score) if rank > 1 else "",
            told_share(path.probability),
            _entities(explanation, path),
            _changes(explanation, path),
        )
        for rank, path in enumerate(explanation.paths, start=1)
    ]
    columns = ("", "score", "behind", "probability", "entities, with their scores", "tags that differ from the best")
    return Table(columns, rows, texts=(4, 5), title="Best paths")


def _entities(explanation: Explanation, path: ExplainedPath) -> str:
    told = [f"{_words(explanation, one.start, one.end)} {one.label} {one.score:.2f}" for one in path.chunks]
    return ", ".join(told) or "none"


def _changes(explanation: Explanation, path: ExplainedPath) -> str:
    stretches = differences(explanation.best.tags, path.tags)
    told = [f"{_words(explanation, first, last)}: {' '.join(path.tags[first:last])}" for first, last in stretches]
    return ", ".join(told)


def _words(explanation: Explanation, first: int, last: int) -> str:
    return " ".join(explanation.words[first:last])


def _trellises(explanation: Explanation) -> Iterator[Chart]:
    """The sentence in lines of a few words, each a chart; colours mean the same in all."""
    tags = explanation.telling_tags(_num_tags(explanation))
    places = [explanation.numbers[tag] for tag in tags]
    scores = explanation.emissions[:, places]
    finite = scores[np.isfinite(scores)]
    least, greatest = float(finite.min()), float(finite.max())
    bounds = (0.0 if least < 0 < greatest else least, greatest)
    shown = [(_name(rank, path), _rows(explanation, path, tags)) for rank, path in enumerate(explanation.paths, 1)]
    for first, last in _stretches(min(len(explanation.words), _MOST_WORDS)):
        lines = [Line(name, rows[first:last]) for name, rows in shown[:_MOST_LINES]]
        yield trellis(
            _chart_title(first, last, len(explanation.words)),
            explanation.words[first:last],
            tags,
            _with_gaps(scores[first:last]),
            lines,
            bounds=bounds,
            legend=first == 0,
        )


def _chart_title(first: int, last: int, num_words: int) -> str:
    told = "How well each tag fits each word, and the best paths"
    return told if last - first == num_words else f"{told}: words {first + 1:,} to {last:,}"


def _name(rank: int, path: ExplainedPath) -> str:
    return f"{rank}: {_told(path.score)} ({told_share(path.probability)})"


def _rows(explanation: Explanation, path: ExplainedPath, tags: Sequence[str]) -> list[int | None]:
    """At each word the row of its tag; of the next paths only where they part from the best one."""
    rows = {tag: row for row, tag in enumerate(tags)}
    whole = [rows.get(tag) for tag in path.tags]
    if path is explanation.best:
        return whole
    kept = {
        position
        for first, last in differences(explanation.best.tags, path.tags)
        for position in range(first - 1, last + 1)
    }
    return [row if position in kept else None for position, row in enumerate(whole)]


def _stretches(length: int) -> list[tuple[int, int]]:
    """The words of each line, divided evenly."""
    num_lines = -(-length // _WORDS_A_CHART)
    edges = [length * number // num_lines for number in range(num_lines + 1)]
    return list(pairwise(edges))


def _transitions(explanation: Explanation) -> Chart:
    """Between the tags that are shown, with starts and ends where any has a score."""
    tags = explanation.telling_tags(_num_tags(explanation))
    places = [explanation.numbers[tag] for tag in tags]
    table, rows, columns = _with_gaps(explanation.transitions[np.ix_(places, places)]), list(tags), list(tags)
    if explanation.start_transitions.any():
        table, rows = [*_with_gaps(explanation.start_transitions[None, places]), *table], ["start", *rows]
    if explanation.end_transitions.any():
        ends = [row[0] for row in _with_gaps(explanation.end_transitions[places, None])]
        nothing = [None] * (len(rows) - len(ends))
        table = [[*row, end] for row, end in zip(table, [*nothing, *ends], strict=True)]
        columns = [*columns, "end"]
    return transition_map(f"From the tag on the left to the one below; {FORBIDDEN} is forbidden", rows, columns, table)


def _steps(explanation: Explanation) -> Table:
    """The sum that the best path is, a word a row."""
    rows, so_far, before = [], 0.0, None
    for position, (word, tag) in enumerate(zip(explanation.words, explanation.best.tags, strict=True)):
        number = explanation.numbers[tag]
        into = explanation.start_transitions if before is None else explanation.transitions[before]
        transition, emission = float(into[number]), float(explanation.emissions[position, number])
        so_far += transition + emission
        share = told_share(float(explanation.marginals[position, number]))
        rows.append((word, tag, _told(transition), _told(emission), _told(so_far), share))
        before = number
    columns = ("word", "tag", "transition", "emission", "so far", "probability of the tag")
    ends = explanation.end_transitions
    if ends.any():
        rows.append(("", "end", _told(float(ends[before])), "", _told(explanation.best.score), ""))
    return Table(columns, rows, texts=(0, 1), title="The sum along the best path")


def _with_gaps(scores: Floats) -> list[list[float | None]]:
    return [[float(score) if np.isfinite(score) else None for score in row] for row in scores]


def _told(score: float) -> str:
    return f"{score:.0f}" if score == int(score) else f"{round(score, 2) + 0.0:.2f}"
