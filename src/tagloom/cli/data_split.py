"""`tagloom data split`: a feature set."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagloom.cli.parameters import DropDuplicates, path
from tagloom.cli.ratios import parsed_ratios
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading

if TYPE_CHECKING:
    from tagloom.data.division.balance import FeatureSetSummary
    from tagloom.data.division.feature_set import FeatureSet
    from tagloom.data.reading import Told

_ALWAYS = ("--where", "--drop-duplicates")
_WAYS: Mapping[str, tuple[str, ...]] = {
    "--by": ("--ratios", "--seed"),
    "--by-time": ("--ratios",),
    "--dev-where": ("--test-where",),
    "--test-where": ("--dev-where",),
    "--dev": ("--test",),
    "--test": ("--dev",),
}
"""Options that say how to divide, each with those that may stand beside it."""

Sources = Annotated[list[Path], typer.Argument(metavar="SRC", parser=path, help="Labelled data.")]
Target = Annotated[Path, typer.Argument(metavar="DST", parser=path, help="Folder to make.")]
Ratios = Annotated[str | None, typer.Option(metavar="SHARES", help="Of train, dev and test.  [default: 80,10,10]")]
Seed = Annotated[
    int | None, typer.Option(metavar="N", help="The same data and seed give the same parts.  [default: 13]")
]
By = Annotated[str | None, typer.Option(metavar="FIELD", help="Keep documents of equal value together.")]
ByTime = Annotated[str | None, typer.Option(metavar="FIELD", help="The oldest documents to train, the newest to test.")]
DevWhere = Annotated[
    str | None, typer.Option(metavar="FILTER", help="The dev part: documents that fit, such as product=D90.")
]
TestWhere = Annotated[str | None, typer.Option(metavar="FILTER", help="The test part, likewise.")]
Where = Annotated[str | None, typer.Option(metavar="FILTER", help="Leave out documents that do not fit.")]
Dev = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="The dev part; twice for a pair.")]
Test = Annotated[list[Path] | None, typer.Option(metavar="FILE", help="The test part; twice for a pair.")]


def split(
    sources: Sources,
    target: Target,
    ratios: Ratios = None,
    seed: Seed = None,
    by: By = None,
    by_time: ByTime = None,
    dev_where: DevWhere = None,
    test_where: TestWhere = None,
    where: Where = None,
    dev: Dev = None,
    test: Test = None,
    drop_duplicates: DropDuplicates = False,
    from_format: From = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
) -> None:
    """Divide labelled data into a feature set.

    Its parts are train, dev and test: each label as evenly as can be, equal
    sentences on one side; or by a field, by time, by filters, or by files.
    """
    from tagloom.cli.output import working

    given = {
        "--ratios": parsed_ratios(ratios) if ratios is not None else None,
        "--seed": seed,
        "--by": by,
        "--by-time": by_time,
        "--dev-where": dev_where,
        "--test-where": test_where,
        "--dev": dev or None,
        "--test": test or None,
        "--where": where,
        "--drop-duplicates": drop_duplicates or None,
    }
    asked = {option: value for option, value in given.items() if value is not None}
    _expect_one_way(asked)
    has_files = "--dev" in asked or "--test" in asked
    told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
    divided = (_from_files if has_files else _divided)(sources, asked, told)
    with working("Looking for problems"):
        divided.save(target)
        summary = divided.summary()
    _print_summary(f"Feature set {target}", summary)


def _expect_one_way(asked: Mapping[str, Any]) -> None:
    """What would be left out in silence is refused."""
    way = next((option for option in _WAYS if option in asked), None)
    if way is None:
        return
    for option in asked:
        if option not in (way, *_WAYS[way], *_ALWAYS):
            raise typer.BadParameter(
                f"expected no {option} beside it, since it says how to divide by itself; received both.",
                param_hint=way,
            )


def _divided(sources: list[Path], asked: Mapping[str, Any], told: "Told") -> "FeatureSet":
    from tagloom.cli.output import working
    from tagloom.data.division.feature_set import FeatureSet
    from tagloom.data.reading import read

    with working("Reading"):
        dataset = read(*sources, **told)
    with working(f"Dividing {len(dataset):,} documents"):
        if "--dev-where" in asked or "--test-where" in asked:
            dev, test = asked.get("--dev-where"), asked.get("--test-where")
            return FeatureSet.extract(dataset, dev=dev, test=test, **_options(asked, *_ALWAYS))
        return FeatureSet.split(dataset, **_options(asked, "--ratios", "--seed", "--by", "--by-time", *_ALWAYS))


def _from_files(sources: list[Path], asked: Mapping[str, Any], told: "Told") -> "FeatureSet":
    from tagloom.cli.output import working
    from tagloom.data.division.feature_set import FeatureSet

    with working("Reading"):
        feature_set = FeatureSet.from_files(train=sources, **_options(asked, "--dev", "--test"), **told)
    if "--where" in asked:
        feature_set = feature_set.only(asked["--where"])
    return feature_set.without_duplicates() if "--drop-duplicates" in asked else feature_set


def _options(asked: Mapping[str, Any], *options: str) -> dict[str, Any]:
    """Those of the options that are asked for, as Python names them."""
    return {option[2:].replace("-", "_"): asked[option] for option in options if option in asked}


def _print_summary(title: str, summary: "FeatureSetSummary") -> None:
    from tagloom.cli.output import console, print_table

    parts, balance = summary.parts, summary.balance()
    labels = list(balance["entities"])
    figures = {
        name: (counts.num_sentences, counts.num_tokens, *(counts.entities.get(label, 0) for label in labels))
        for name, counts in parts.items()
    }
    rows = [(name, *(f"{figure:,}" for figure in row)) for name, row in figures.items()]
    print_table(title, ("part", "sentences", "words", *labels), rows)
    asked = {"asked": balance["asked"]} if balance["asked"] else {}
    shares = asked | {name: balance[name] for name in ("documents", "sentences")} | balance["entities"]
    rows = [(name, *(f"{100 * row[part]:.1f}" for part in parts)) for name, row in shares.items()]
    print_table("Shares in per cent", ("of", *parts), rows)
    rule = summary.rule
    if rule.num_left_out or rule.num_duplicates:
        console().print(
            f"Left out: {rule.num_left_out:,} documents that do not fit, {rule.num_duplicates:,} duplicates."
        )
    if summary.problems:
        found = ", ".join(f"{one.count:,} {one.kind.replace('_', ' ')} ({one.severity})" for one in summary.problems)
        console().print(f"Found: {found}. Examples and advice are in summary.json.")
