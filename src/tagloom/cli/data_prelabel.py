"""`tagloom data prelabel`: spans that a gazetteer proposes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import Overwrite, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading

if TYPE_CHECKING:
    from tagloom.data.weak_labels.prelabel import Prelabelled

_MAX_UNMATCHED = 20

Sources = Annotated[list[Path], typer.Argument(metavar="SRC", parser=path, help="Texts, with labels or without.")]
Target = Annotated[Path, typer.Argument(metavar="DST", parser=path, help="File to make; for brat a folder to make.")]
GazetteerFile = Annotated[
    Path,
    typer.Option(
        "--gazetteer", metavar="FILE", help="A line: label, tab, surface or /pattern/; or two columns of CSV."
    ),
]
Label = Annotated[str | None, typer.Option(metavar="NAME", help="Of all entries, where the file has surfaces alone.")]
IgnoreCase = Annotated[bool, typer.Option("--ignore-case", help="Let d90 fit what says D90.")]
InsideWords = Annotated[bool, typer.Option("--inside-words", help="Let matches begin and end inside words.")]
TimeLimit = Annotated[float, typer.Option(metavar="SECONDS", help="What a pattern may take on one document.")]
To = Annotated[
    str | None, typer.Option("--to", metavar="FORMAT", help="Of the file to make.  [default: by the name of DST]")
]


def prelabel(
    sources: Sources,
    target: Target,
    gazetteer: GazetteerFile,
    label: Label = None,
    ignore_case: IgnoreCase = False,
    inside_words: InsideWords = False,
    time_limit: TimeLimit = 2.0,
    from_format: From = None,
    to_format: To = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
    overwrite: Overwrite = False,
) -> None:
    """Label texts by a list of names or patterns, to be corrected by a person.

    Spans that are there stay. Each new one says which line it comes from.
    """
    from tagloom.cli.output import print_findings, print_noticed, working
    from tagloom.cli.targets import expect_free
    from tagloom.data import formats
    from tagloom.data.converting import format_of, target_paths
    from tagloom.data.reading import read
    from tagloom.data.weak_labels.gazetteer import Gazetteer
    from tagloom.data.weak_labels.prelabel import prelabel as prelabelled_by
    from tagloom.data.writing import write

    chosen = to_format or format_of(target)
    targets = target_paths(target, formats.named(chosen))
    expect_free(targets, [*sources, gazetteer], overwrite=overwrite)
    told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
    told["unlabelled"] = formats.KEEP
    entries = Gazetteer.read(
        gazetteer, label=label, ignore_case=ignore_case, whole_words=not inside_words, time_limit=time_limit
    )
    with working("Reading"):
        dataset = read(*sources, **told)
    with working(f"Looking for {len(entries.entries):,} entries in {len(dataset):,} documents"):
        prelabelled = prelabelled_by(dataset, entries)
    lost = write(prelabelled.dataset, *targets, format=chosen)
    _print_counts(f"Proposed in {target}", prelabelled)
    print_noticed(dataset.sources)
    print_findings(lost)


def _print_counts(title: str, prelabelled: "Prelabelled") -> None:
    from tagloom.cli.output import console, print_table, printable

    rows = []
    for name, num_spans in prelabelled.labels.items():
        own = [one for one in prelabelled.entries if one.entry.label == name]
        known = sum(one.num_known for one in own)
        covered = sum(one.num_matches for one in own) - num_spans - known
        rows.append((name, *(f"{figure:,}" for figure in (len(own), num_spans, known, covered))))
    print_table(title, ("label", "entries", "spans", "already labelled", "on other spans"), rows)
    for one in prelabelled.entries:
        if one.num_misaligned:
            told = (
                f"line {one.entry.line}: {one.entry} fits {one.num_misaligned:,} times inside words or across sentences"
            )
            console().print(f"{printable(told)}, which does not count.")
    unmatched = prelabelled.unmatched
    if unmatched:
        named = ", ".join(f"{one.entry} (line {one.entry.line})" for one in unmatched[:_MAX_UNMATCHED])
        more = f" and {len(unmatched) - _MAX_UNMATCHED:,} more" if len(unmatched) > _MAX_UNMATCHED else ""
        console().print(
            f"{len(unmatched):,} of {len(prelabelled.entries):,} entries match nothing: {printable(named)}{more}."
        )
