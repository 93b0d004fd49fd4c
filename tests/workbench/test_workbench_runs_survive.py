"""Trainings outlive what befalls the workbench, the machine and themselves; and no process is ended by mistake."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from labelled_projects import a_person, a_project
from sqlalchemy import insert
from tiny_runs import address_of, labelled_project, queue, until_epoch, until_state
from workbench_server import OWNER, running_workbench

from made_runs import made_run
from server_process import until
from tagloom.runs.run import Run
from tagloom.workbench.database.store import Store
from tagloom.workbench.database.tables import feature_sets, trainings
from tagloom.workbench.feature_sets.asked import Asked
from tagloom.workbench.folders import Folders
from tagloom.workbench.projects.projects import remove_project
from tagloom.workbench.trainings import changing
from tagloom.workbench.trainings.outcomes import MOST_IN_VAIN, outcome
from tagloom.workbench.trainings.process import Process, begin, is_alive, noted_in, process_of, send
from tagloom.workbench.trainings.supervisor import Supervisor
from tagloom.workbench.trainings.trainings import State, Training, training_in

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_run_goes_on_without_its_workbench_and_is_resumed_when_it_is_killed_itself(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data")
    with running_workbench(folders.root) as server:
        server.accept(server.link, OWNER).close()
        with server.logged_in(OWNER) as client:
            project = labelled_project(server, client, "Reviews")
            (first,) = queue(client, project, epochs=30)
            (second,) = queue(client, project, epochs=5000)
            until_epoch(client, project, first, 1)
            server.kill()
    run = Run(folders.run(first))
    until(lambda: len(run.history) > 3)  # nobody looks, and it goes on
    with running_workbench(folders.root) as server, server.logged_in(OWNER) as client:
        ended = until_state(client, project, first, "finished", "failed")
        assert (ended["state"], ended["num_starts"], ended["scores"]["epochs"]) == ("finished", 1, 30)
        assert [event["epoch"] for event in run.events if event["event"] == "start"] == [0]
        until_epoch(client, project, second, 2)
        process = noted_in(folders.job(second))
        assert process is not None
        assert send(process, signal.SIGKILL)
        until(lambda: client.get(address_of(project, second)).json()["num_starts"] == 2)
        run = Run(folders.run(second))
        until(lambda: [event["epoch"] > 0 for event in run.events if event["event"] == "start"] == [False, True])
        client.post(f"{address_of(project, second)}/stop", json={"at_once": True}).raise_for_status()
        until_state(client, project, second, "stopped")


class Bench:
    """Trainings whose processes do something else, and who sees to them.

    Args:
        folder: of the data.
    """

    def __init__(self, folder: Path) -> None:
        self.folders = Folders(folder)
        self.store = Store(folder)
        self.project = a_project(self.store)
        self.supervisor = Supervisor(self.store, self.folders, 1)
        person = a_person(self.store, "Ada").id

        def made(connection: Any) -> int:
            own = {"options": Asked().to_json(), "state": "ready", "error": "", "created_at": 0.0}
            values = {"project_id": self.project, "person_id": person, "name": "All", **own}
            return int(connection.execute(insert(feature_sets).values(values)).inserted_primary_key[0])

        self.feature_set = self.store.write_now(made)
        self.folders.feature_set(self.feature_set).mkdir()

    def queued(self, **values: Any) -> int:
        """A training that waits, or is as it is said."""

        def made(connection: Any) -> int:
            own = {"project_id": self.project, "feature_set_id": self.feature_set, "name": f"{time.monotonic()}"}
            rest = {"options": {}, "num_starts": 0, "num_in_vain": 0, "reached": 0, "error": "", "created_at": 0.0}
            row = connection.execute(insert(trainings).values({**own, **rest, "state": "queued", **values}))
            return int(row.inserted_primary_key[0])

        return self.store.write_now(made)

    def look(self, number: int) -> Training:
        """What becomes of a training when somebody looks."""
        self.supervisor._look()
        return self.store.read_now(lambda connection: training_in(connection, self.project, number))

    def until_gone(self, number: int) -> None:
        """Waits until its process is."""
        until(lambda: not is_alive(self.folders.job(number)))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    for job in made.folders.jobs.iterdir():
        process = noted_in(job)
        if process is not None:
            send(process, signal.SIGKILL)
    for own in made.supervisor._own.values():
        own.wait()
    made.store.close()


def runs(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """Has trainings do something else."""
    monkeypatch.setattr(Supervisor, "_command", lambda *_: command)


def test_what_is_killed_again_and_again_without_coming_further_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = "import os, signal; print('a last word', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    runs(monkeypatch, [sys.executable, "-c", dying])
    number = bench.queued()
    for _ in range(MOST_IN_VAIN):
        assert bench.look(number).state is State.RUNNING
        bench.until_gone(number)
    failed = bench.look(number)
    assert (failed.state, failed.num_starts) == (State.FAILED, MOST_IN_VAIN)
    assert "SIGKILL" in failed.error
    assert "memory" in failed.error
    assert failed.error.endswith("a last word")


def test_what_ends_with_an_error_fails_at_once_with_its_words(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    said = f"tagloom: {bench.folders.root}/feature-sets/1: expected more."
    runs(monkeypatch, [sys.executable, "-c", f"import sys; print({said!r}); sys.exit(1)"])
    number = bench.queued()
    bench.look(number)
    bench.until_gone(number)
    failed = bench.look(number)
    assert (failed.state, failed.error) == (State.FAILED, "feature-sets/1: expected more.")


def test_one_that_was_claimed_when_the_server_was_killed_is_begun(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(monkeypatch, SLEEP)
    number = bench.queued(state="running")
    assert bench.look(number).num_starts == 1
    assert is_alive(bench.folders.job(number))


def test_a_process_whose_row_was_not_written_any_more_is_not_begun_twice(bench: Bench) -> None:
    number = bench.queued()
    job = bench.folders.job(number)
    job.mkdir()
    with (job / "log").open("wb") as log:
        begun = begin(job, SLEEP, within=job, log=log, more={})
    found = bench.look(number)
    assert (found.state, found.process_id) == (State.RUNNING, begun.pid)
    begun.kill()
    begun.wait()


def test_a_second_one_waits_until_the_first_has_ended(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    runs(monkeypatch, SLEEP)
    first, second = bench.queued(), bench.queued()
    assert bench.look(first).state is State.RUNNING
    assert bench.look(second).state is State.QUEUED
    bench.store.write_now(
        lambda connection: changing.ask_to_stop(connection, training_in(connection, bench.project, first))
    )
    bench.look(first)
    bench.until_gone(first)
    assert bench.look(first).state is State.STOPPED
    assert bench.look(second).state is State.RUNNING


def test_the_process_of_a_project_that_is_taken_away_ends_and_its_folders_go(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs(monkeypatch, SLEEP)
    number = bench.queued()
    bench.look(number)
    bench.folders.run(number).mkdir()
    bench.store.write_now(lambda connection: remove_project(connection, bench.project))
    bench.supervisor._look()
    assert not bench.folders.job(number).exists()
    assert not bench.folders.run(number).exists()


def test_a_signal_goes_to_that_very_process_alone() -> None:
    with subprocess.Popen(SLEEP) as other:
        process = process_of(other.pid)
        assert process is not None
        earlier = Process(process.id, process.started - 1)
        assert not send(earlier, signal.SIGKILL)
        assert other.poll() is None
        assert send(process, signal.SIGKILL)
    assert process_of(other.pid) is None
    assert not send(process, signal.SIGKILL)


def test_a_process_is_alive_by_its_lock_though_nobody_waits_for_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tagloom.workbench.trainings.process import begin\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "with (folder / 'log').open('wb') as log:\n"
        "    begin(folder, [sys.executable, '-c', 'import time; time.sleep(60)'], within=folder, log=log, more={})\n"
    )
    assert not is_alive(tmp_path)
    subprocess.run([sys.executable, "-c", program], check=True)
    assert is_alive(tmp_path)
    process = noted_in(tmp_path)
    assert process is not None
    send(process, signal.SIGKILL)
    until(lambda: not is_alive(tmp_path))
    assert noted_in(tmp_path) is None


@pytest.mark.parametrize(
    ("reason", "was_asked", "status", "state"),
    [
        ("finished", False, 0, State.FINISHED),
        ("finished", True, None, State.FINISHED),
        ("early stopping", False, None, State.FINISHED),
        ("failed", False, 1, State.FAILED),
        ("failed", False, None, State.FAILED),
        ("stopped", True, None, State.STOPPED),
        ("stopped", False, 1, None),  # a machine that shuts down asks everybody to end
        (None, False, -9, None),
        (None, False, None, None),
        (None, True, None, State.STOPPED),
        (None, False, 1, State.FAILED),
    ],
)
def test_the_folder_tells_how_a_run_stands(
    tmp_path: Path, reason: str | None, was_asked: bool, status: int | None, state: State | None
) -> None:
    run = Run(made_run(tmp_path / "run", [True, False], reason=reason))
    if reason is None:
        run.report.unlink()
    came = outcome(run, tmp_path / "log", was_asked_to_stop=was_asked, status=status)
    assert came.state == state
    if reason == "failed":
        assert came.error == "no space left"
