"""The database's form: the migrations make the tables, and what is none of them is refused in a line."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from workbench_server import running_workbench

from tagloom.errors import ConfigError
from tagloom.workbench.database.store import NAME, Store
from tagloom.workbench.database.tables import metadata


def asked(folder: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(folder / NAME)) as connection, connection:
        return connection.execute(statement).fetchall()


def test_the_migrations_make_the_tables(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with create_engine(f"sqlite:///{tmp_path / NAME}").connect() as connection:
        context = MigrationContext.configure(connection, opts={"target_metadata": metadata, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_database_is_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        Store(tmp_path).close()


def test_the_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    Store(tmp_path).close()
    asked(tmp_path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ConfigError, match="Install a newer Tagloom"):
        Store(tmp_path)
    assert asked(tmp_path, "SELECT version_num FROM alembic_version") == [("9999",)]


@pytest.mark.parametrize("content", [b"Dear diary", b"x" * 5000, b"SQLite format 3\0" + b"\xff" * 200])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(ConfigError, match="Name another --data folder") as caught:
        Store(tmp_path)
    assert "\n" not in str(caught.value)
    assert (tmp_path / NAME).read_bytes() == content


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    asked(tmp_path, "CREATE TABLE trainings (day TEXT)")
    with pytest.raises(ConfigError, match="Name another --data folder"):
        Store(tmp_path)
    tables = asked(tmp_path, "SELECT name FROM sqlite_master WHERE type = 'table'")
    assert tables == [("trainings",)]  # what was begun was taken back


def test_a_second_workbench_over_a_folder_is_refused(tmp_path: Path) -> None:
    with running_workbench(tmp_path / "data") as server:
        command = [sys.executable, "-m", "tagloom", "workbench", "--port", "0", "--data", str(server.folder)]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert second.returncode == 1
        assert "another workbench" in " ".join(second.stderr.split())
        with server.client() as client:
            assert client.get("/login").status_code == 200


@pytest.mark.parametrize("place", ["file/data", "file"])
def test_a_folder_that_cannot_be_made_is_told_in_a_line(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "tagloom", "workbench", "--port", "0", "--data", str(tmp_path / place)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) <= 3
