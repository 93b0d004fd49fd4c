"""How the summary of labelled data looks on a terminal, and in plain lines elsewhere."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from tagloom.cli.output import console, print_table, printable
from tagloom.data.quality.kinds import SEVERITIES
from tagloom.data.quality.lengths import Lengths
from tagloom.data.quality.problems import Problem
from tagloom.data.quality.summary import PartSummary, Summary

_COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_NUM_FREQUENT, _NUM_EXAMPLES = 4, 3
_INDENT = 9


def print_summary(summary: Summary) -> None:
    """What there is, what each label and part has, and what is wrong, the gravest first."""
    show = console().print
    show(*_introduction(summary), sep="\n", soft_wrap=True)
    _print_labels(summary)
    if summary.parts:
        _print_parts(summary.parts)
    if not summary.problems:
        show("\nNo problems found.")
        return
    show(Text(f"\n{_told_severities(summary)}", style="bold"))
    grave = list(SEVERITIES)
    for problem in sorted(summary.problems, key=lambda problem: grave.index(problem.severity)):
        show(_shown(problem))


def _introduction(summary: Summary) -> list[str]:
    counts = summary.counts
    scheme = f", scheme {summary.scheme}" if summary.scheme else ""
    return [
        f"Format {summary.format}{scheme}, encoding {summary.encoding}",
        f"{counts.num_documents:,} documents, {counts.num_sentences:,} sentences, {counts.num_tokens:,} words",
        f"{summary.num_words:,} different words; {summary.share_of_bare_sentences:.1%} of the sentences have no entity",
        f"Sentences have {_told_lengths(summary.sentence_lengths)} words",
    ]


def _told_lengths(lengths: Lengths) -> str:
    return (
        f"{lengths.least:,} to {lengths.most:,} (median {lengths.median:g}, mean {lengths.mean:.1f}, "
        f"95 % at most {lengths.percentile_95:,})"
    )


def _print_labels(summary: Summary) -> None:
    total = max(1, sum(own.count for own in summary.labels.values()))
    rows = [
        (
            label,
            f"{own.count:,}",
            f"{own.count / total:.1%}",
            f"{own.num_surfaces:,}",
            f"{own.lengths.mean:.1f}",
            ", ".join(f"{text} {count:,}" for text, count in own.most_frequent[:_NUM_FREQUENT]),
        )
        for label, own in summary.labels.items()
    ]
    columns = ("label", "count", "share", "different", "words", "most frequent")
    print_table("\nEntities", columns, rows, texts=("most frequent",))


def _print_parts(parts: Mapping[str, PartSummary]) -> None:
    labels = list(dict.fromkeys(label for part in parts.values() for label in part.counts.entities))
    columns = ("", *parts)
    rows = [
        ("documents", *(f"{part.counts.num_documents:,}" for part in parts.values())),
        ("sentences", *(f"{part.counts.num_sentences:,}" for part in parts.values())),
        ("words", *(f"{part.counts.num_tokens:,}" for part in parts.values())),
    ]
    rows += [(label, *(_share_of(label, part) for part in parts.values())) for label in labels]
    compared = [part.comparison for part in parts.values()]
    rows += [
        ("sentences also in train", *("" if each is None else f"{each.leaked_sentences:,}" for each in compared)),
        ("words unknown to train", *("" if each is None else f"{each.unknown_words:.1%}" for each in compared)),
        (
            "different entities seen in train",
            *("" if each is None else f"{each.seen_entities:.1%}" for each in compared),
        ),
    ]
    print_table("\nParts", columns, rows)


def _share_of(label: str, part: PartSummary) -> str:
    count = part.counts.entities.get(label, 0)
    return f"{count:,} ({count / max(1, sum(part.counts.entities.values())):.1%})"


def _told_severities(summary: Summary) -> str:
    """How many kinds of problems there are, by severity."""
    kinds = [problem.severity for problem in summary.problems]
    told = [f"{count} {_counted(severity, count)}" for severity in SEVERITIES if (count := kinds.count(severity))]
    return f"Problems: {', '.join(told)}"


def _counted(severity: str, count: int) -> str:
    return severity if count == 1 or severity == "info" else f"{severity}s"


def _shown(problem: Problem) -> RenderableType:
    """Severity, name and count; below it what to do, and the first examples in a line each."""
    head = Text(f"{problem.severity:<{_INDENT - 2}}  ", style=_COLOURS[problem.severity])
    head.append(f"{problem.kind.replace('_', ' ')}: {problem.count:,}", style="bold")
    examples = [Text(f"- {printable(example)}", no_wrap=True, overflow="ellipsis") for example in problem.examples]
    return Group(head, *map(_indented, [Text(problem.advice, style="dim"), *examples[:_NUM_EXAMPLES]]))


def _indented(text: Text) -> Padding:
    return Padding(text, (0, 0, 0, _INDENT), expand=False)
