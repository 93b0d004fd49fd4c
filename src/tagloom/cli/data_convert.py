"""`tagloom data convert`: labelled data in another format."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import Align, Overwrite, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, parsed_columns

if TYPE_CHECKING:
    from tagloom.data.converting import Conversion

To = Annotated[
    str | None, typer.Option("--to", metavar="FORMAT", help="Format to write.  [default: by the name of DST]")
]
Scheme = Annotated[
    str | None, typer.Option(metavar="NAME", help="Scheme of the tags: IO, IOB1, BIO, BIOES.  [default: as they are]")
]


def convert(
    sources: Annotated[list[Path], typer.Argument(metavar="SRC", parser=path, help="Labelled data.")],
    target: Annotated[
        Path, typer.Argument(metavar="DST", parser=path, help="File to make; for brat a folder to make.")
    ],
    to: To = None,
    from_format: From = None,
    scheme: Scheme = None,
    align: Align = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
    remarks: Annotated[
        bool, typer.Option(help="Keep texts in CoNLL files, in lines that begin with #, where words do not say them.")
    ] = True,
    overwrite: Overwrite = False,
) -> None:
    """Write labelled data in another format, and say what it cannot keep.

    JSON lines and CoNLL files of any size go through in little memory.
    """
    from tagloom.cli.output import counting
    from tagloom.cli.targets import expect_free
    from tagloom.data import formats
    from tagloom.data.converting import ReadingOptions, format_of, target_paths
    from tagloom.data.converting import convert as convert_files
    from tagloom.data.reading import options_of

    options = options_of(columns=parsed_columns(columns), cover_discontinuous=cover_discontinuous)
    chosen = to or format_of(target)
    expect_free(target_paths(target, formats.named(chosen)), sources, overwrite=overwrite)
    with counting("Converting", "documents") as through:
        conversion = convert_files(
            sources,
            target,
            to=chosen,
            reading=ReadingOptions(from_format, encoding, options),
            scheme=scheme,
            align=align or "expand",
            remarks=remarks,
            through=through,
        )
    _print(conversion, target, chosen)


def _print(conversion: "Conversion", target: Path, chosen: str) -> None:
    from tagloom.cli.output import console, print_findings, print_noticed

    formats = ", ".join(dict.fromkeys(source.format for source in conversion.sources))
    console().print(f"{conversion.num_documents:,} documents from {formats} to {chosen}: {target}")
    print_noticed(conversion.sources)
    print_findings(conversion.findings)
