"""`tagloom data split`: a feature set."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.parameters import DropDuplicates
from tagloom.cli.ratios import parsed_ratios

if TYPE_CHECKING:
    from tagloom.data.summary import Counts


def split(
    sources: Annotated[list[Path], typer.Argument(metavar="SRC", help="Labelled data.")],
    target: Annotated[Path, typer.Argument(metavar="DST", help="Folder to make.")],
    ratios: Annotated[str, typer.Option(metavar="SHARES", help="Of train, dev and test.")] = "80,10,10",
    seed: Annotated[int, typer.Option(metavar="N", help="The same data and seed give the same parts.")] = 13,
    drop_duplicates: DropDuplicates = False,
) -> None:
    """Divide labelled data into a feature set.

    Its parts are train, dev and test: each label as evenly as can be, equal sentences on one side.
    """
    from tagloom.cli.output import working
    from tagloom.data.feature_set import FeatureSet
    from tagloom.data.reading import read

    shares = parsed_ratios(ratios)
    with working("Reading"):
        dataset = read(*sources)
    with working(f"Dividing {len(dataset):,} documents"):
        divided = FeatureSet.split(dataset, ratios=shares, seed=seed, drop_duplicates=drop_duplicates)
        divided.save(target)
    _print_parts(f"Feature set {target}", divided.summary().parts)


def _print_parts(title: str, parts: Mapping[str, "Counts"]) -> None:
    from tagloom.cli.output import print_table

    labels = list(dict.fromkeys(label for counts in parts.values() for label in counts.entities))
    figures = {
        name: (counts.num_sentences, counts.num_tokens, *(counts.entities.get(label, 0) for label in labels))
        for name, counts in parts.items()
    }
    rows = [(name, *(f"{figure:,}" for figure in row)) for name, row in figures.items()]
    print_table(title, ("part", "sentences", "words", *labels), rows)
