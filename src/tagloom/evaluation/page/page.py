"""The page of a report: how good, what to do, where it fails, how sure it is, how it learned, and every error."""

from collections.abc import Iterator, Mapping, Sequence

from tagloom.evaluation.diagnosis.diagnosis import Diagnosis
from tagloom.evaluation.history import EpochRecord
from tagloom.evaluation.learning_curve import LearningCurve
from tagloom.evaluation.page.browsing import error_browser
from tagloom.evaluation.page.certainty import certainty_blocks
from tagloom.evaluation.page.headline import facts
from tagloom.evaluation.page.labels import label_blocks
from tagloom.evaluation.page.mistakes import mistake_blocks
from tagloom.evaluation.page.parts import part_blocks
from tagloom.evaluation.page.training import training_blocks
from tagloom.evaluation.report import Report
from tagloom.pages.browser import Browser
from tagloom.pages.page import Advice, Block, Page, Section


def report_page(
    title: str,
    reports: Mapping[str, Report],
    *,
    subtitle: str = "",
    history: Sequence[EpochRecord] = (),
    best_epoch: int | None = None,
    learning_curve: LearningCurve | None = None,
    diagnosis: Sequence[Diagnosis] = (),
    temperature: float = 1.0,
) -> Page:
    """All that is known about a model, as one page; what is not known has no section.

    Args:
        title: of the page.
        reports: by part, the headline first; at least one, whose name may be empty.
        subtitle: below the title.
        history: of the training, an entry an epoch.
        best_epoch: whose weights were kept, counted from 0 as in `EpochRecord.epoch`.
        learning_curve: what more data would bring.
        diagnosis: what to do.
        temperature: that divides the model's scores, so that they are worth what they say.
    """
    part, report = next(iter(reports.items()))
    blocks: dict[str, Sequence[Block]] = {
        f"How good it is: {part}" if part else "How good it is": [facts(report)],
        "What to do": [_advice(each) for each in diagnosis],
        "Labels": label_blocks(report),
        "Where it fails": mistake_blocks(report),
        "How sure it is": certainty_blocks(report, temperature),
        "Training": training_blocks(history, best_epoch, learning_curve),
        "Other parts": part_blocks(reports),
        "Every error": list(_errors(report)),
    }
    return Page(title, subtitle, [Section(name, own) for name, own in blocks.items() if own])


def _advice(diagnosis: Diagnosis) -> Advice:
    actions = [(action.text, action.command) for action in diagnosis.actions]
    return Advice(diagnosis.severity, diagnosis.title, diagnosis.evidence, actions)


def _errors(report: Report) -> Iterator[Browser]:
    if report.details is not None and report.details.failures:
        yield error_browser(report.details.failures)
