"""`tagloom quantize`: a model with an 8-bit network, and the F1 that it costs."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagloom.cli.judging_data import aligned_sentences, part_to_judge_by
from tagloom.cli.log import warn
from tagloom.cli.parameters import Align, AsJson, Model, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading
from tagloom.errors import DataError

if TYPE_CHECKING:
    from tagloom.bundle.bundle import Bundle
    from tagloom.evaluation.report import Report
    from tagloom.text import Sentence

_TURNS = 3  # at the speed of each, of which the best counts

LabelledData = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DATA]...", parser=path, help="Labelled data to judge both by; it is not learned from."),
]
Target = Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", parser=path, help="Of the model to make.")]


def quantize(
    model: Model,
    output: Target,
    data: LabelledData = None,
    align: Align = None,
    as_json: AsJson = False,
    from_format: From = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
) -> None:
    """Make a model whose network computes in 8 bits, and measure what that costs and gains.

    Both are judged on DATA; of a feature set, on its test part.
    """
    from tagloom.bundle.quantization import quantized
    from tagloom.bundle.read import read_bundle
    from tagloom.bundle.report import figures_alone
    from tagloom.bundle.write import write_bundle
    from tagloom.cli.output import print_json
    from tagloom.inference.predictor import model_path

    if output.exists():
        raise DataError(f"{output}: expected no such file or folder yet, found one. Name another with -o.")
    before = read_bundle(model_path(model))
    after = quantized(before)
    told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
    sentences = aligned_sentences(part_to_judge_by(data, told)[1], align) if data else ()
    measured = {bundle.precision: _measured(bundle, sentences) for bundle in (before, after)} if sentences else {}
    report = figures_alone(measured[after.precision][0].to_json()) if measured else {}
    write_bundle(replace(after, report=report), output)
    if as_json:
        print_json({"model": str(output), **{name: _figures(*own) for name, own in measured.items()}})
        return
    if measured:
        _print(measured, len(sentences))
    else:
        warn("nobody measured what 8 bits cost this model: name labelled DATA to judge it by")
    typer.echo(f"Model {output}: its network has {len(after.network):,} bytes rather than {len(before.network):,}")


def _measured(bundle: "Bundle", sentences: "Sequence[Sentence]") -> "tuple[Report, float]":
    """Scores of a model, and the words that it reads in a second, once it has met them."""
    from tagloom.cli.output import working
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import Predictor

    predictor, words = Predictor(bundle), [sentence.words for sentence in sentences]
    with working(f"Judging {bundle.precision} on {len(sentences):,} sentences"):
        report = judge(predictor, sentences)
        seconds = []
        for _ in range(_TURNS):
            began = time.perf_counter()
            predictor.chunks(words)
            seconds.append(time.perf_counter() - began)
    return report, sum(map(len, words)) / min(seconds)


def _figures(report: "Report", words_per_second: float) -> dict[str, Any]:
    micro = report.micro
    scores = {"precision": micro.precision, "recall": micro.recall, "f1": micro.f1}
    return {**scores, "words_per_second": round(words_per_second)}


def _print(measured: "dict[str, tuple[Report, float]]", num_sentences: int) -> None:
    from tagloom.cli.output import print_table

    rows = []
    for name, own in measured.items():
        figures = _figures(*own)
        scores = [f"{100 * figures[score]:.2f}" for score in ("precision", "recall", "f1")]
        rows.append([name, *scores, f"{figures['words_per_second']:,}"])
    print_table(f"On {num_sentences:,} sentences", ["network", "P", "R", "F1", "words/s"], rows)
