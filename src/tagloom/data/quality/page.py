"""The summary of a dataset as a page with charts."""

from collections.abc import Iterator, Mapping

from tagloom.data.quality.kinds import SEVERITIES
from tagloom.data.quality.lengths import Lengths
from tagloom.data.quality.problems import Problem
from tagloom.data.quality.summary import LabelSummary, PartSummary, Summary
from tagloom.pages import charts
from tagloom.pages.charts import Chart
from tagloom.pages.page import Facts, Note, Page, Section, Table

_MAX_LABELS = 30
_MAX_COLOURS = len(charts.COLOURS) - 1
_LONG = 5  # words


def inspection_page(summary: Summary, name: str) -> Page:
    """What `data inspect` tells, to look at.

    Args:
        summary: of the data.
        name: of the data, for the title.
    """
    scheme = f", scheme {summary.scheme}" if summary.scheme else ""
    return Page(name, f"Format {summary.format}{scheme}, encoding {summary.encoding}", list(_sections(summary)))


def _sections(summary: Summary) -> Iterator[Section]:
    yield Section("What is in it", [_facts(summary)])
    grave = list(SEVERITIES)
    problems = sorted(summary.problems, key=lambda problem: grave.index(problem.severity))
    yield Section("What is wrong with it" if problems else "Nothing is wrong with it", list(map(_note, problems)))
    if summary.labels:
        yield Section("Labels", [_label_counts(summary.labels), _label_table(summary.labels)])
    if summary.parts:
        yield Section("Parts", [_label_mix(summary.parts), _part_table(summary.parts)])
    if summary.counts.num_sentences:
        yield Section("Lengths", list(_length_charts(summary)), columns=2)
    if summary.labels:
        tables = [_most_frequent(label, own) for label, own in list(summary.labels.items())[:_MAX_LABELS]]
        yield Section("Most frequent entities", tables, columns=3)


def _facts(summary: Summary) -> Facts:
    counts = summary.counts
    return Facts(
        [
            ("documents", f"{counts.num_documents:,}"),
            ("sentences", f"{counts.num_sentences:,}"),
            ("words", f"{counts.num_tokens:,}"),
            ("different words", f"{summary.num_words:,}"),
            ("entities", f"{sum(counts.entities.values()):,}"),
            ("sentences without entity", f"{summary.share_of_bare_sentences:.1%}"),
        ]
    )


def _note(problem: Problem) -> Note:
    title = problem.kind.replace("_", " ").capitalize()
    return Note(problem.severity, title, f"{problem.count:,}", problem.advice, problem.examples)


def _label_counts(labels: Mapping[str, LabelSummary]) -> Chart:
    shown = {label: own.count for label, own in list(labels.items())[:_MAX_LABELS]}
    more = f" (the first {_MAX_LABELS} of {len(labels):,} labels)" if len(labels) > _MAX_LABELS else ""
    return charts.bars(f"Entities per label{more}", shown, unit="entities")


def _label_table(labels: Mapping[str, LabelSummary]) -> Table:
    total = max(1, sum(own.count for own in labels.values()))
    columns = ("label", "entities", "share", "different", "median words", "mean", "95 % at most", "most")
    rows = [
        (label, f"{own.count:,}", f"{own.count / total:.1%}", f"{own.num_surfaces:,}", *_figures(own.lengths))
        for label, own in labels.items()
    ]
    return Table(columns, rows)


def _figures(lengths: Lengths) -> tuple[str, str, str, str]:
    return f"{lengths.median:g}", f"{lengths.mean:.2f}", f"{lengths.percentile_95:,}", f"{lengths.most:,}"


def _length_charts(summary: Summary) -> Iterator[Chart]:
    lengths = summary.sentence_lengths
    told = f"median {lengths.median:g}, mean {lengths.mean:.1f}, longest {lengths.most:,}"
    bins = [(each.least, each.most, each.count) for each in lengths.histogram]
    yield charts.histogram(f"Words in a sentence: {told}", bins, along="words", unit="sentences")
    if summary.labels:
        shown = list(summary.labels.items())[:_MAX_LABELS]
        rows = {label: _by_length(own.lengths) for label, own in shown}
        yield charts.shares("Words in an entity", rows, unit="entities")


def _by_length(lengths: Lengths) -> dict[str, int]:
    """How many have one word, two, ..., and many."""
    counts = {f"{number} word{'s' if number > 1 else ''}": 0 for number in range(1, _LONG)} | {f"{_LONG} or more": 0}
    names = list(counts)
    for each in lengths.histogram:
        counts[names[min(each.least, _LONG) - 1]] += each.count
    return counts


def _label_mix(parts: Mapping[str, PartSummary]) -> Chart:
    totals: dict[str, int] = {}
    for part in parts.values():
        for label, count in part.counts.entities.items():
            totals[label] = totals.get(label, 0) + count
    frequent = sorted(totals, key=lambda label: (-totals[label], label))
    if len(frequent) > _MAX_COLOURS + 1:
        frequent = frequent[:_MAX_COLOURS]
    rows = {}
    for name, part in parts.items():
        row = {label: part.counts.entities.get(label, 0) for label in frequent}
        others = sum(part.counts.entities.values()) - sum(row.values())
        rows[name] = row | ({"all others": others} if len(totals) > len(frequent) else {})
    return charts.shares("Mix of labels in each part", rows, unit="entities")


def _part_table(parts: Mapping[str, PartSummary]) -> Table:
    columns = (
        "part",
        "documents",
        "sentences",
        "words",
        "entities",
        "also in train",
        "unknown words",
        "known entities",
    )
    rows = []
    for name, part in parts.items():
        counts, seen = part.counts, part.comparison
        against = (
            ("", "", "")
            if seen is None
            else (f"{seen.leaked_sentences:,}", f"{seen.unknown_words:.1%}", f"{seen.seen_entities:.1%}")
        )
        figures = counts.num_documents, counts.num_sentences, counts.num_tokens, sum(counts.entities.values())
        rows.append((name, *(f"{figure:,}" for figure in figures), *against))
    return Table(columns, rows)


def _most_frequent(label: str, own: LabelSummary) -> Table:
    rows = [(text.replace("\n", " "), f"{count:,}") for text, count in own.most_frequent]
    return Table(("entity", "places"), rows, title=label)
