"""What the process of a feature set does: documents as they are at one moment, divided and saved. Runs there alone.

It does what `tagloom data split` does, by the same code, and tells what the feature set holds, or why there is none.
"""

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from tagloom.data.alignment import EXPAND
from tagloom.data.collecting import without_search_for_cycles
from tagloom.data.dataset import Dataset
from tagloom.data.division.feature_set import FeatureSet
from tagloom.data.filters.filter import Filter
from tagloom.data.formats import KEEP
from tagloom.data.formats.json_lines import JsonLines
from tagloom.data.quality.problems import in_order
from tagloom.data.quality.summary import summarise_parts
from tagloom.data.reading import read
from tagloom.data.sources.folders import PARTS
from tagloom.data.writing import put, writing_of
from tagloom.errors import DataError, TagloomError, one_line
from tagloom.text import Document
from tagloom.workbench.database.store import reading_engine
from tagloom.workbench.database.tables import documents
from tagloom.workbench.documents.choosing import Choice, chosen
from tagloom.workbench.documents.exporting import chosen_after
from tagloom.workbench.documents.states import State
from tagloom.workbench.feature_sets.asked import Asked, Place, Way
from tagloom.workbench.feature_sets.contents import contents
from tagloom.workbench.feature_sets.names import by_name, different_names
from tagloom.workbench.lowly import yield_to_the_server
from tagloom.workbench.programs import own_task

_ALL = "documents.jsonl"

Numbered = list[tuple[int, Document]]


def main() -> None:
    """Does what standard input says, and tells on standard output."""
    task = own_task()
    yield_to_the_server()
    beside, target = Path(task["beside"]), Path(task["target"])
    try:
        for left in (beside, target):
            shutil.rmtree(left, ignore_errors=True)
        beside.mkdir(parents=True, mode=0o700)
        with without_search_for_cycles():
            said: dict[str, Any] = {"summary": _made(task, beside, target)}
    except (TagloomError, UnicodeError) as error:
        said = {"refused": str(error).replace(f"{beside}{os.sep}", "").replace(f"{target}", "the feature set")}
    except MemoryError:
        said = {"refused": "It is too large for the memory of this machine. Leave out some documents by a filter."}
    except OSError as error:
        said = {"refused": f"It could not be written: {one_line(error.strerror or error)}."}
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    sys.stdout.write(json.dumps(said) + "\n")


def _made(task: Mapping[str, Any], beside: Path, target: Path) -> dict[str, Any]:
    asked = Asked.from_json(task["asked"])
    numbered = _documents(Path(task["database"]), task["project"], asked)
    if not numbered:
        raise DataError("expected documents that are submitted, found none. Label some and submit them.")
    numbers = by_name({number: document.id for number, document in numbered})
    feature_set = (_chosen if asked.way is Way.CHOICE else _divided)(numbered, asked, beside)
    del numbered
    feature_set.save(target)
    summary = summarise_parts(dict(feature_set.parts()))
    every = in_order([*summary.problems, *feature_set.summary().problems])
    return contents(replace(summary, problems=every), feature_set.summary(), numbers)


def _documents(folder: Path, project: int, asked: Asked) -> Numbered:
    """The documents that may be in it with their numbers, all as they are at one moment, under different names."""
    states = (State.SUBMITTED, State.DRAFT) if asked.with_drafts else (State.SUBMITTED,)
    choice = Choice(states=states)
    engine = reading_engine(folder)
    with engine.connect() as connection, connection.begin():
        found = list(_all(connection, project, choice))
        query = select(documents.c.id, documents.c.name).where(chosen(connection, project, choice))
        names = different_names((number, name) for number, name in connection.execute(query))
    engine.dispose()
    return [(number, replace(document, id=names[number])) for number, document in found]


def _all(connection: Connection, project: int, choice: Choice) -> Iterator[tuple[int, Document]]:
    after = 0
    while found := chosen_after(connection, project, choice, after):
        yield from found
        after = found[-1][0]


def _divided(numbered: Numbered, asked: Asked, beside: Path) -> FeatureSet:
    """By ratio, by time, or by filters."""
    dataset = _through_file((document for _, document in numbered), beside / _ALL)
    shared: dict[str, Any] = {"where": asked.where or None, "drop_duplicates": asked.drop_duplicates}
    match asked.way:
        case Way.FILTERS:
            dev, test = asked.dev_where or None, asked.test_where or None
            return FeatureSet.extract(dataset, dev=dev, test=test, **shared)
        case Way.TIME:
            return FeatureSet.split(dataset, ratios=asked.ratios, by_time=asked.by_time, **shared)
        case _:
            by = asked.by or None
            return FeatureSet.split(dataset, ratios=asked.ratios, seed=asked.seed, by=by, **shared)


def _chosen(numbered: Numbered, asked: Asked, beside: Path) -> FeatureSet:
    """As a person chose."""
    places = _places(numbered, asked)
    paths: dict[str, list[Path]] = {}
    for part in PARTS:
        own = [document for (number, document) in numbered if places[number] == part]
        path = beside / f"{part}{JsonLines.suffixes[0]}"
        paths[part] = [path] if own else []
        if own:
            _write(own, path)
    if not paths["train"]:
        raise DataError("train: expected documents to learn from, found none. Choose some for the train part.")
    feature_set = FeatureSet.from_files(train=paths["train"], dev=paths["dev"], test=paths["test"], unlabelled=KEEP)
    if asked.where:
        feature_set = feature_set.only(asked.where)
    return feature_set.without_duplicates() if asked.drop_duplicates else feature_set


def _places(numbered: Numbered, asked: Asked) -> dict[int, Place]:
    """Where each document goes."""
    places = dict.fromkeys((number for number, _ in numbered), asked.rest)
    texts: Sequence[Document] = [document for _, document in numbered]
    for rule in asked.rules:
        for fitting in Filter.parse(rule.where).places(texts):
            places[numbered[fitting][0]] = rule.place
    return places | {number: place for number, place in asked.documents.items() if number in places}


def _through_file(own: Iterable[Document], path: Path) -> Dataset:
    """The documents as `tagloom data split` would read them, so that the manifest has the digest of that."""
    _write(own, path)
    return read(path, format=JsonLines.name, encoding="utf-8", unlabelled=KEEP)


def _write(own: Iterable[Document], path: Path) -> None:
    put(JsonLines(), own, writing_of((), scheme=None, align=EXPAND, remarks=False), [path])


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the server has ended
        main()
