"""`tagloom data inspect`: what is in labelled data, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import AsJson, Data, Overwrite, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading
from tagloom.cli.targets import expect_page

if TYPE_CHECKING:
    from tagloom.data.dataset import Dataset
    from tagloom.data.quality.summary import Summary
    from tagloom.data.reading import Told

Dev = Annotated[list[Path] | None, typer.Option("--dev", metavar="DATA", parser=path, help="A dev part beside it.")]
Test = Annotated[list[Path] | None, typer.Option("--test", metavar="DATA", parser=path, help="A test part beside it.")]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", parser=path, help="Write it as a page with charts.")
]


def inspect(
    data: Data,
    dev: Dev = None,
    test: Test = None,
    as_json: AsJson = False,
    report: Report = None,
    from_format: From = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
    overwrite: Overwrite = False,
) -> None:
    """Tell what is in labelled data, and what is wrong with it.

    Of a feature set, and of files named train, dev and test, also what is
    wrong between its parts.
    """
    from tagloom.cli.output import print_json, working
    from tagloom.data.collecting import without_search_for_cycles

    beside = {"dev": dev or [], "test": test or []}
    expect_page(report, chain(data, *beside.values()), overwrite=overwrite)
    told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
    with without_search_for_cycles():
        with working("Reading"):
            parts = _read(data, beside, told)
        with working("Looking for problems"):
            summary = _summary(parts)
        del parts
    if report is not None:
        _write_page(summary, report, data)
    if as_json:
        print_json(summary.to_json())
    else:
        from tagloom.cli.summary import print_summary

        print_summary(summary)
        if report is not None:
            typer.echo(f"Page {report}")


def _read(data: Sequence[Path], beside: Mapping[str, Sequence[Path]], told: "Told") -> "dict[str, Dataset]":
    from tagloom.data.division.named_parts import read_parts
    from tagloom.data.reading import read

    given = {name: read(*paths, **told) for name, paths in beside.items() if paths}
    return {"train": read(*data, **told), **given} if given else read_parts(*data, **told)


def _summary(parts: "Mapping[str, Dataset]") -> "Summary":
    from tagloom.data.quality.summary import summarise, summarise_parts

    return summarise(parts[""]) if "" in parts else summarise_parts(parts)


def _write_page(summary: "Summary", report: Path, data: Sequence[Path]) -> None:
    from tagloom.data.quality.page import inspection_page

    inspection_page(summary, ", ".join(path.name for path in data)).write(report)
