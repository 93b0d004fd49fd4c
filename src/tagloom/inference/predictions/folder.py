"""The folder that predictions lie in: what may be written there, and what is left to do."""

from collections.abc import Collection, Sequence
from pathlib import Path

from tagloom.errors import ConfigError, DataError
from tagloom.files import clear_parts
from tagloom.inference.predictions.manifest import NAME, Manifest, read_manifest, write_manifest
from tagloom.inference.predictions.tasks import Task

REFUSE, RESUME, OVERWRITE = "refuse", "resume", "overwrite"
EXISTING = (REFUSE, RESUME, OVERWRITE)
"""What becomes of outputs that are there already: an error, passed over as done, or removed and made anew."""


def prepare(folder: Path, tasks: Sequence[Task], made_with: Manifest, existing: str) -> list[Task]:
    """Makes the folder ready, and says what is left to do.

    Args:
        folder: of the outputs; made where it is not there.
        tasks: of which some may be done.
        made_with: what the outputs will be made with.
        existing: one of `EXISTING`.

    Raises:
        DataError: an output is there that may not be, or is a folder, or outputs that stay were made with something
            else.
        ConfigError: `existing` is none of those.
    """
    if existing not in EXISTING:
        raise ConfigError(f"existing: received {existing!r}, expected one of {', '.join(EXISTING)}.")
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder}: expected a folder for the outputs, received a file. Choose another name.")
    present = {task.target for task in tasks if task.target.exists()}
    before = read_manifest(folder)
    _expect_allowed(folder, sorted(present), before, existing)
    replaced = present if existing == OVERWRITE else set()
    if before is not None:
        _expect_none_of_others(folder, before, made_with, replaced)
    for path in replaced:
        path.unlink()  # before any is written, so that after a stop all that are there are new ones
    folder.mkdir(parents=True, exist_ok=True)
    clear_parts(task.target for task in tasks)
    if before != made_with:
        write_manifest(folder, made_with)
    return [task for task in tasks if task.target in replaced or task.target not in present]


def _expect_allowed(folder: Path, present: Sequence[Path], before: Manifest | None, existing: str) -> None:
    """Lets pass outputs that are there as they may be."""
    for path in present:
        if not path.is_file():
            raise DataError(f"{path}: expected a file to make, received a folder. Choose another folder.")
    if present and existing == REFUSE:
        raise DataError(
            f"{present[0]}: expected a file to make, received one that exists. Such outputs: {len(present):,}. "
            "Go on with --resume, make them anew with --overwrite, or choose another folder."
        )
    if present and existing == RESUME and before is None:
        raise DataError(
            f"{folder / NAME}: expected what the outputs there were made with, found nothing. "
            "Make them anew with --overwrite, or choose another folder."
        )


def _expect_none_of_others(folder: Path, before: Manifest, now: Manifest, replaced: Collection[Path]) -> None:
    """Lets pass a folder in which no output of another model or of other options will stay."""
    difference = before.difference(now)
    staying = [path for path in folder.rglob(f"*.{before.format}") if path not in replaced] if difference else []
    if staying:
        raise DataError(
            f"{folder / NAME}: expected outputs of this model with these options, found others: {difference}. "
            f"They would mix with {len(staying):,} that are there, such as {min(staying)}. "
            "Go on with the same ones, make all of them anew with --overwrite, or choose another folder."
        )
