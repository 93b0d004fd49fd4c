"""`tagloom quantize`: a model with an 8-bit network, and the F1 that it costs."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tagloom.cli.judging_data import aligned_sentences, part_to_judge_by, warn_of_labels
from tagloom.cli.log import warn
from tagloom.cli.parameters import Align, AsJson, Model, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading
from tagloom.cli.targets import expect_free

if TYPE_CHECKING:
    from tagloom.bundle.bundle import Bundle
    from tagloom.evaluation.report import Report
    from tagloom.inference.predictor import Predictor
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

    expect_free([output], [model, *(data or ())], overwrite=False)
    before = read_bundle(model_path(model))
    after = quantized(before)
    part, measured = "", {}
    sentences: Sequence[Sentence] = ()
    if data:
        told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
        part, dataset = part_to_judge_by(data, told)
        sentences = aligned_sentences(dataset, align)
        warn_of_labels(before.labels, sentences)
        measured = _measured([before, after], sentences)
    else:
        warn("nobody measured what 8 bits cost this model: name labelled DATA to judge it by")
    report = figures_alone(measured[after.precision].report.to_json()) if measured else {}
    write_bundle(replace(after, report=report), output)
    if as_json:
        print_json({"model": str(output), **{name: own.to_json() for name, own in measured.items()}})
        return
    if measured:
        _print(f"{len(sentences):,} sentences{part}", measured)
    typer.echo(f"Model {output}: its networks have {_num_bytes(after):,} bytes rather than {_num_bytes(before):,}")


@dataclass(frozen=True, slots=True)
class _Measured:
    """Scores of a model, and the words that it reads in a second, once it has met them."""

    report: "Report"
    words_per_second: float

    def to_json(self) -> dict[str, Any]:
        micro = self.report.micro
        scores = {"precision": micro.precision, "recall": micro.recall, "f1": micro.f1}
        return {**scores, "words_per_second": round(self.words_per_second)}


def _measured(bundles: "Sequence[Bundle]", sentences: "Sequence[Sentence]") -> dict[str, _Measured]:
    """Each by its precision; their speed by turns, since that of the machine changes."""
    from tagloom.cli.output import working
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import Predictor

    predictors, words = [Predictor(bundle) for bundle in bundles], [sentence.words for sentence in sentences]
    with working(f"Judging both on {len(sentences):,} sentences"):
        reports = [judge(predictor, sentences) for predictor in predictors]
        turns = [[_seconds(predictor, words) for predictor in predictors] for _ in range(_TURNS)]
    num_words = sum(map(len, words))
    return {
        bundle.precision: _Measured(report, num_words / min(seconds))
        for bundle, report, seconds in zip(bundles, reports, zip(*turns, strict=True), strict=True)
    }


def _seconds(predictor: "Predictor", words: Sequence[Sequence[str]]) -> float:
    began = time.perf_counter()
    predictor.chunks(words)
    return time.perf_counter() - began


def _print(title: str, measured: Mapping[str, _Measured]) -> None:
    from tagloom.cli.output import print_table

    rows = []
    for name, own in measured.items():
        figures = own.to_json()
        scores = [f"{100 * figures[score]:.2f}" for score in ("precision", "recall", "f1")]
        rows.append([name, *scores, f"{figures['words_per_second']:,}"])
    print_table(title, ["network", "P", "R", "F1", "words/s"], rows)


def _num_bytes(bundle: "Bundle") -> int:
    """Of its network and of its encoder."""
    return len(bundle.network) + (0 if bundle.encoder is None else len(bundle.encoder.network))
