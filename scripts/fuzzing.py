"""Feeds every reader with damaged files: nothing but a DataError may come out, soon and in little memory.

Cases are made by hypothesis (`damage.py`), the same for the same seed, and run some hundred at a time in a process of
their own, whose peak of memory is measured. tests/data/test_fuzz.py runs the first of them.
"""

import argparse
import contextlib
import faulthandler
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from damaged_files import CONVERT, LOAD, Case, cases
from tagloom.data import FeatureSet, read
from tagloom.data.converting import ReadingOptions, convert
from tagloom.data.reading import options_of
from tagloom.errors import ConfigError, DataError, SchemeError

MAX_SECONDS, MAX_MEGABYTES = 10.0, 500.0
"""What a case may take of the processor's time, and what its process may hold when it is done."""

NUM_CASES, SEED, BATCH = 20_000, 13, 500
_ADDRESS_SPACE = 4 << 30  # so that what goes wrong ends the process, not the machine


class Hang(BaseException):
    """A case took too long."""


@dataclass
class Tally:
    """What came of cases.

    Args:
        cases: how many.
        read: how many gave documents.
        seconds: of the processor, of all of them.
        slowest: seconds of the slowest.
        megabytes: peak of memory of the processes.
        failures: what went wrong, each with the folder that keeps it.
    """

    cases: int = 0
    read: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    megabytes: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Adds what came of others."""
        self.cases += other.cases
        self.read += other.read
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.megabytes = max(self.megabytes, other.megabytes)
        self.failures += other.failures

    def __str__(self) -> str:
        return (
            f"{self.cases} cases ({self.read} read, {self.cases - self.read} refused) in {self.seconds:.0f} s, slowest "
            f"{self.slowest:.2f} s, peak {self.megabytes:.0f} MB, {len(self.failures)} failures"
        )


class Runner:
    """Runs cases in this process.

    Args:
        kept: where the files of failures go.
        label: what failures are called.
    """

    def __init__(self, kept: Path, label: str) -> None:
        self.tally = Tally()
        self._kept, self._label = kept, label
        self.current = kept / f"{label}-current"

    def run(self, case: Case) -> None:
        """Runs one, and notes what came of it."""
        shutil.rmtree(self.current, ignore_errors=True)
        paths = put(case, self.current / "files")
        told = {key: value for key, value in asdict(case).items() if key != "files"}
        (self.current / "case.json").write_text(json.dumps(told), encoding="utf-8")
        start = time.process_time()
        problem = ""
        try:
            with _limited():
                self.tally.read += attempt(case, paths, self.current / "out")
        except Hang:
            problem = f"over {MAX_SECONDS} s of the processor's time"
        except BaseException:  # noqa: BLE001 - whatever it is, it is what is looked for
            problem = traceback.format_exc()
        seconds = time.process_time() - start
        megabytes = peak()
        if not problem and megabytes > MAX_MEGABYTES >= self.tally.megabytes:
            problem = f"{megabytes:.0f} MB"
        self.tally.add(Tally(1, 0, seconds, seconds, megabytes))
        if problem:
            self.keep(problem)

    def keep(self, problem: str) -> None:
        """Keeps the files of a failure."""
        folder = self._kept / f"{self._label}-{self.tally.cases}"
        shutil.copytree(self.current, folder, dirs_exist_ok=True)
        (folder / "problem.txt").write_text(problem, encoding="utf-8")
        self.tally.failures.append(f"{folder}: {problem.strip().splitlines()[-1][:200]}")


def peak() -> float:
    """The most memory that this process has held, in megabytes.

    Linux says it in a file; what `getrusage` says begins, after a fork, with what the parent held.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)


def put(case: Case, folder: Path) -> list[Path]:
    """Writes the files of a case; gives the paths to read."""
    folder.mkdir(parents=True)
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    return [folder] if case.as_folder else [folder / name for name in case.files]


def attempt(case: Case, paths: Sequence[Path], out: Path) -> bool:
    """Reads a case; whether there were documents. Raises what may not be raised."""
    allowed = (DataError, ConfigError, SchemeError) if case.options else (DataError,)
    try:
        if case.way == LOAD:
            FeatureSet.load(paths[0])
        elif case.way == CONVERT:
            told = dict(case.options)
            encoding = told.pop("encoding", None)
            convert(paths, out, to=case.to, reading=ReadingOptions(case.format, encoding, options_of(**told)))
        else:
            read(*paths, format=case.format, **case.options)
    except allowed as error:
        if not str(error):
            raise AssertionError("an error without a message") from error
        return False
    return True


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Ends what takes too long: by an exception, and where that is of no use by ending the process."""

    def interrupt(*_: Any) -> None:
        raise Hang

    signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
    faulthandler.dump_traceback_later(10 * MAX_SECONDS, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_PROF, 0)


def run_here(num_cases: int, own_seed: int, kept: Path) -> Tally:
    """Runs cases in this process."""
    runner = Runner(kept, str(own_seed))

    @seed(own_seed)
    @settings(
        max_examples=num_cases,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def run(case: Case) -> None:
        runner.run(case)

    run()
    shutil.rmtree(runner.current, ignore_errors=True)
    return runner.tally


def run_apart(num_cases: int, own_seed: int, kept: Path) -> Tally:
    """Runs cases in a process of their own."""
    command = [
        sys.executable,
        __file__,
        "--cases",
        str(num_cases),
        "--seed",
        str(own_seed),
        "--keep",
        str(kept),
        "--here",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=os.environ | {"OMP_NUM_THREADS": "1"}
    )
    try:
        return Tally(**json.loads(done.stdout.splitlines()[-1]))
    except (IndexError, ValueError, TypeError):
        kept.joinpath(f"{own_seed}-stderr.txt").write_text(done.stderr, encoding="utf-8")
        problem = (done.stderr.strip() or f"ended with status {done.returncode}").splitlines()[-1]
        return Tally(num_cases, failures=[f"{kept / f'{own_seed}-current'}: the process ended: {problem}"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs all cases and says what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=NUM_CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", type=Path, help="folder for the files of failures; by default a new one")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    kept = asked.keep or Path(tempfile.mkdtemp(prefix="tagloom-fuzz-"))
    kept.mkdir(parents=True, exist_ok=True)
    if asked.here:
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
        print(json.dumps(asdict(run_here(asked.cases, asked.seed, kept))))
        return 0
    tally = Tally()
    batch = 0
    while tally.cases < asked.cases:
        tally.add(run_apart(min(BATCH, asked.cases - tally.cases), asked.seed * 1_000_000 + batch, kept))
        batch += 1
        print(f"\r{tally}", end="", file=sys.stderr, flush=True)
    print(f"\n{tally}")
    for failure in tally.failures:
        print(failure, file=sys.stderr)
    if tally.failures:
        print(f"The files of failures are in {kept}.", file=sys.stderr)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
