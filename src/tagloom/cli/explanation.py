"""How an explanation looks on a terminal, and in plain lines elsewhere."""

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from tagloom.cli.output import console, printable, tagged_text
from tagloom.decoding import Floats
from tagloom.inference.explanation import ExplainedPath, Explanation, Term, differences, told_share
from tagloom.text import Span

_WIDTH = 80  # characters, where no terminal says otherwise
_LONGEST_WORD = 18
_LONGEST_LABELS = (14, 10, 8, 6)  # characters above a column: the first that lets the best path's tags fit
_LAST_COLUMN = 8  # characters, for ends and shares
_MOST_TERMS = 60
_BETWEEN = 2  # characters between columns
_BEST, _FORBIDDEN = "bold green", "×"
_PREFIX = re.compile(r"^[BIESLU]-(?=.)")


def print_explanation(explanation: Explanation) -> None:
    """The sentence, its scores, the path that won as a sum, and the next ones."""
    width = console().width if sys.stdout.isatty() else _WIDTH
    show = partial(console().print, width=width)
    numbers = _Numbers(explanation)
    columns = _Columns.fitting(explanation, numbers, width)
    show(_sentence(explanation))
    show(_heading("Emissions", "how well each tag fits each word; the best path in brackets"))
    show(_emissions(explanation, numbers, columns))
    show(_heading("Transitions", f"from the tag on the left to the one above; {_FORBIDDEN} is forbidden"))
    show(_transitions(explanation, numbers, columns))
    left_out = len(explanation.tags) - len(columns.tags)
    if left_out:
        show(Text(f"{left_out} of {len(explanation.tags)} tags are left out, the least probable; --json has all."))
    show(_heading("The path that wins", "its scores in turn: transition, emission, transition, ..."))
    show(_sum(explanation, numbers))
    show(_heading("Best paths", _told_temperature(explanation)))
    show(_paths(explanation, numbers, width))


class _Numbers:
    """Scores as text: whole ones as such, others with two decimals; all of a lattice alike."""

    def __init__(self, explanation: Explanation) -> None:
        finite = [score for table in _scores(explanation) for score in table.ravel().tolist() if abs(score) < math.inf]
        self._are_whole = all(score == int(score) for score in finite)

    def told(self, score: float) -> str:
        if score == -math.inf:
            return _FORBIDDEN
        return f"{score:.0f}" if self._are_whole else f"{round(score, 2) + 0.0:.2f}"


def _sentence(explanation: Explanation) -> Text:
    """The words with the entities of the best path."""
    words = [printable(word) for word in explanation.words]
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(word) + 1)
    spans = [
        Span(starts[chunk.start], starts[chunk.end] - 1, printable(chunk.label), chunk.score)
        for chunk in explanation.best.chunks
    ]
    return tagged_text(" ".join(words), spans, sorted({span.label for span in spans}))


def _heading(title: str, told: str) -> Text:
    return Text.assemble("\n", (title, "bold"), (f"  {told}", "dim"))


def _told_temperature(explanation: Explanation) -> str:
    if explanation.temperature == 1.0:
        return "probability: the share of all paths"
    return f"probability: the share of all paths, at temperature {explanation.temperature:.2f}"


@dataclass(frozen=True, slots=True)
class _Columns:
    """The tags that are shown, and how many characters of a label."""

    tags: Sequence[str]
    longest: int

    @classmethod
    def fitting(cls, explanation: Explanation, numbers: _Numbers, width: int) -> "_Columns":
        """Those that tell most, as many as fit; labels are cut before a tag of the best path is left out."""
        fewest = len(set(explanation.best.tags))
        score = 2 + max(len(numbers.told(one)) for table in _scores(explanation) for one in table.ravel().tolist())
        for longest in _LONGEST_LABELS:
            widths = {tag: max(score, *map(len, _header(tag, longest).splitlines())) for tag in explanation.tags}
            for most in range(len(explanation.tags), fewest - 1, -1):
                tags = explanation.telling_tags(most)
                if _width_of_sides(explanation, tags) + sum(widths[tag] + _BETWEEN for tag in tags) <= width:
                    return cls(tags, longest)
        return cls(explanation.telling_tags(fewest), _LONGEST_LABELS[-1])

    def table(self, first: str, last: str) -> Table:
        """An empty table with a column a tag, one before and perhaps one behind them."""
        table = _plain_table()
        stacked = any(_PREFIX.match(tag) for tag in self.tags)
        above = "\n" if stacked else ""
        table.add_column(above + first, no_wrap=True, overflow="ellipsis", max_width=_LONGEST_WORD)
        for tag in self.tags:
            header = _header(tag, self.longest)
            table.add_column(header if stacked else header.lstrip("\n"), justify="right", no_wrap=True)
        if last:
            table.add_column(above + last, justify="right", no_wrap=True)
        return table


def _plain_table() -> Table:
    return Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _BETWEEN - 1, 0, 0), header_style="dim"
    )


def _scores(explanation: Explanation) -> list[Floats]:
    return [
        explanation.emissions,
        explanation.transitions,
        explanation.start_transitions,
        explanation.end_transitions,
    ]


def _width_of_sides(explanation: Explanation, tags: Sequence[str]) -> int:
    """Characters of the columns beside the tags, with what lies between."""
    names = [printable(name) for name in (*explanation.words, *tags)]
    return min(_LONGEST_WORD, max(map(len, names))) + _BETWEEN + _LAST_COLUMN


def _header(tag: str, longest: int) -> str:
    """A tag above its column: the prefix in a line of its own, so that labels take less room."""
    told = printable(tag)
    prefix = _PREFIX.match(told)
    lines = [told[: prefix.end()], told[prefix.end() :]] if prefix else ["", told]
    return "\n".join(line if len(line) <= longest else line[: longest - 1] + "…" for line in lines)


def _emissions(explanation: Explanation, numbers: _Numbers, columns: _Columns) -> Table:
    table = columns.table("word", "sure")
    places = [explanation.numbers[tag] for tag in columns.tags]
    for word, chosen, scores, shares in zip(
        explanation.words, explanation.best.tags, explanation.emissions, explanation.marginals, strict=True
    ):
        best = explanation.numbers[chosen]
        cells = [_cell(numbers.told(scores[place]), is_best=place == best) for place in places]
        table.add_row(printable(word), *cells, told_share(shares[best]))
    return table


def _cell(told: str, *, is_best: bool) -> Text:
    return Text(f"[{told}]", style=_BEST) if is_best else Text(f"{told} ")


def _transitions(explanation: Explanation, numbers: _Numbers, columns: _Columns) -> Table:
    """From each tag to each; starts and ends too, where any has a score."""
    tags = columns.tags
    has_start, has_end = explanation.start_transitions.any(), explanation.end_transitions.any()
    taken = {("", explanation.best.tags[0]), (explanation.best.tags[-1], "")}
    taken |= set(zip(explanation.best.tags, explanation.best.tags[1:], strict=False))
    table = columns.table("", "end" if has_end else "")

    def cells(before: str, scores: Sequence[float], ends: Sequence[float]) -> list[Text]:
        row = [(numbers.told(score), (before, tag) in taken) for score, tag in zip(scores, tags, strict=True)]
        row += [(numbers.told(score), (before, "") in taken) for score in ends]
        return [_cell(told, is_best=is_taken) for told, is_taken in row]

    places = [explanation.numbers[tag] for tag in tags]
    if has_start:
        none = [Text("")] if has_end else []
        table.add_row("start", *cells("", explanation.start_transitions[places].tolist(), []), *none)
    for tag, place in zip(tags, places, strict=True):
        end = [float(explanation.end_transitions[place])] if has_end else []
        table.add_row(printable(tag), *cells(tag, explanation.transitions[place][places].tolist(), end))
    return table


def _sum(explanation: Explanation, numbers: _Numbers) -> Text:
    """The score of the best path, term by term; transitions stand out where there is colour."""
    terms = explanation.terms(explanation.best)
    told = [_term(term, numbers, is_first=place == 0) for place, term in enumerate(terms)]
    if len(told) > _MOST_TERMS:
        half = _MOST_TERMS // 2
        told = [*told[:half], Text(f"+ ... {len(told) - 2 * half:,} more ..."), *told[-half:]]
    return Text.assemble(Text(" ").join(told), " = ", (numbers.told(explanation.best.score), _BEST))


def _term(term: Term, numbers: _Numbers, *, is_first: bool) -> Text:
    told = numbers.told(term.score)
    sign = "" if is_first else "- " if told.startswith("-") else "+ "
    return Text.assemble(sign, (told if is_first else told.lstrip("-"), "bold" if term.is_transition else ""))


def _paths(explanation: Explanation, numbers: _Numbers, width: int) -> Table:
    table = _plain_table()
    best = explanation.best
    for column in ("", "score", "behind", "probability"):
        table.add_column(column, justify="right", no_wrap=True)
    in_full = max(len(" ".join(path.tags)) for path in explanation.paths) <= width // 2
    table.add_column("tags" if in_full else "entities, then what changes", overflow="fold")
    for rank, path in enumerate(explanation.paths, start=1):
        behind = numbers.told(best.score - path.score) if rank > 1 else ""
        shown: RenderableType = " ".join(map(printable, path.tags)) if in_full else _told(explanation, path)
        style = "bold" if rank == 1 else ""
        table.add_row(f"{rank}", numbers.told(path.score), behind, told_share(path.probability), shown, style=style)
    return table


def _told(explanation: Explanation, path: ExplainedPath) -> str:
    """The entities of the best path; of another one the words that it tags otherwise."""
    if path is explanation.best:
        entities = [f"{_words(explanation, chunk.start, chunk.end)} {chunk.label}" for chunk in path.chunks]
        return printable(", ".join(entities) or "none")
    stretches = differences(explanation.best.tags, path.tags)
    changes = [f"{_words(explanation, first, last)}: {' '.join(path.tags[first:last])}" for first, last in stretches]
    return printable(", ".join(changes))


def _words(explanation: Explanation, first: int, last: int) -> str:
    return " ".join(explanation.words[first:last])
