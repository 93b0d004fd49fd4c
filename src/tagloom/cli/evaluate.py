"""`tagloom evaluate`: a model judged on labelled data."""

import shlex
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tagloom.cli.judging_data import aligned_sentences, part_to_judge_by, warn_of_labels
from tagloom.cli.parameters import Align, AsJson, Data, Model, Overwrite, path
from tagloom.cli.reading import Columns, CoverDiscontinuous, Encoding, From, reading
from tagloom.cli.targets import expect_page

if TYPE_CHECKING:
    from tagloom.data.reading import Told
    from tagloom.evaluation.diagnosis.diagnosis import Diagnosis
    from tagloom.evaluation.diagnosis.evidence import Evidence
    from tagloom.evaluation.known import Known
    from tagloom.evaluation.report import Report
    from tagloom.inference.predictor import Predictor
    from tagloom.text import Sentence


class Mode(StrEnum):
    """How spans are read and compared."""

    strict = "strict"
    conlleval = "conlleval"
    partial = "partial"
    type = "type"


Page = Annotated[
    Path | None, typer.Option("--report", metavar="FILE", parser=path, help="Write it as a page with every error.")
]
Train = Annotated[
    list[Path] | None,
    typer.Option(
        "--train",
        metavar="DATA",
        parser=path,
        help="What it learned from, to tell known entities from new ones.",
    ),
]


def evaluate(
    model: Model,
    data: Data,
    align: Align = None,
    mode: Annotated[Mode, typer.Option(help="How spans are read and compared.")] = Mode.strict,
    train: Train = None,
    as_json: AsJson = False,
    report: Page = None,
    from_format: From = None,
    encoding: Encoding = None,
    columns: Columns = None,
    cover_discontinuous: CoverDiscontinuous = False,
    overwrite: Overwrite = False,
) -> None:
    """Judge a model on labelled data; of a feature set, on its test part."""
    from tagloom.cli.output import print_json, print_noticed, working
    from tagloom.cli.report import print_diagnosis, print_report
    from tagloom.evaluation.diagnosis.diagnose import diagnose
    from tagloom.inference.judging import judge
    from tagloom.inference.predictor import load

    expect_page(report, [model, *data, *(train or ())], overwrite=overwrite)
    predictor = load(model)
    told = reading(from_format, encoding, columns, cover_discontinuous=cover_discontinuous)
    with working("Reading"):
        part, dataset = part_to_judge_by(data, told)
        sentences = aligned_sentences(dataset, align)
        known = _known(train, told, align) if train else None
    warn_of_labels(predictor.bundle.labels, sentences)
    if not as_json:
        print_noticed(dataset.sources)
    with working(f"Judging {len(sentences):,} sentences"):
        found = judge(predictor, sentences, known, mode=mode.value)
        diagnosis = diagnose(_evidence(predictor, found, sentences, known, model))
    if report is not None:
        _write_page(report, found, diagnosis, f"{model.name}{part}", predictor.temperature)
    if as_json:
        print_json({**found.to_json(), "diagnosis": [one.to_json() for one in diagnosis]})
        return
    print_report(f"Scores of {model}{part}", found.to_json())
    print_diagnosis([one.to_json() for one in diagnosis])
    if report is not None:
        typer.echo(f"Page {report}")


def _known(paths: Sequence[Path], told: "Told", align: str | None) -> "Known":
    """What the model learned from: of a feature set its train part."""
    from tagloom.data.division.named_parts import read_parts
    from tagloom.evaluation.known import Known

    parts = read_parts(*paths, **told)
    return Known.of(aligned_sentences(parts.get("train") or next(iter(parts.values())), align))


def _evidence(
    predictor: "Predictor", report: "Report", sentences: "Sequence[Sentence]", known: "Known | None", model: Path
) -> "Evidence":
    from tagloom.inference.judging import evidence_of

    place, config = shlex.quote(str(model)), model / "config.toml"
    asked = f"--config {shlex.quote(str(config))}" if config.is_file() else "DATA"
    return evidence_of(predictor, report, sentences, known, model=place, again=f"tagloom train {asked}")


def _write_page(
    target: Path, report: "Report", diagnosis: "Sequence[Diagnosis]", name: str, temperature: float
) -> None:
    from tagloom.evaluation.page.page import report_page

    page = report_page(f"Report of {name}", {"": report}, diagnosis=diagnosis, temperature=temperature)
    page.write(target)
