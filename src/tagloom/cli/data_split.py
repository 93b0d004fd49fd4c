"""`tagloom data split`: a feature set."""

from pathlib import Path
from typing import Annotated

import typer


def split(
    paths: Annotated[list[Path], typer.Argument(metavar="SRC... DST", help="Labelled data, and the folder to make.")],
    ratios: Annotated[str, typer.Option(help="Shares of train, dev and test.")] = "80,10,10",
    seed: Annotated[int, typer.Option(help="The same data and seed give the same parts.")] = 13,
    drop_duplicates: Annotated[bool, typer.Option(help="Keep the first of sentences with equal words.")] = False,
) -> None:
    """Divide labelled data into train, dev and test parts: each label as evenly as can be, equal sentences on one side."""
    from tagloom.cli.output import print_table
    from tagloom.cli.ratios import parsed_ratios
    from tagloom.data.feature_set import FeatureSet
    from tagloom.data.reading import read
    from tagloom.errors import ConfigError

    *sources, target = paths
    if not sources:
        raise ConfigError(f"data split: expected labelled data and a folder to make, received only {target}.")
    divided = FeatureSet.split(
        read(*sources), ratios=parsed_ratios(ratios), seed=seed, drop_duplicates=drop_duplicates
    )
    divided.save(target)
    parts = divided.summary().parts
    labels = list(dict.fromkeys(label for counts in parts.values() for label in counts.entities))
    rows = [
        (name, f"{counts.num_sentences:,}", f"{counts.num_tokens:,}")
        + tuple(f"{counts.entities.get(label, 0):,}" for label in labels)
        for name, counts in parts.items()
    ]
    print_table(f"Feature set {target}", ("part", "sentences", "words", *labels), rows)
