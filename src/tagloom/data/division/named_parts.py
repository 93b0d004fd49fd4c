"""The parts of a dataset whose files are named train, dev and test."""

from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path, PurePath
from typing import Unpack

from tagloom.data.dataset import Dataset
from tagloom.data.division.manifest import is_saved, load_parts
from tagloom.data.reading import Told, read
from tagloom.data.sources.folders import PARTS, part_of


def read_parts(*paths: str | Path, **told: Unpack[Told]) -> dict[str, Dataset]:
    """The parts of a saved feature set; of other files as their names say, else all of them as one part without a name.

    Args:
        paths: as `read` takes them.
        told: what is said of the files, as `read` has it; a saved feature set knows its own.

    Raises:
        DataError: a file cannot be read.
    """
    folder = Path(paths[0]) if len(paths) == 1 else None
    if folder is None or not folder.is_dir() or not is_saved(folder):
        dataset = read(*paths, **told)
        return named_parts(dataset) or {"": dataset}
    return load_parts(folder)[1]


def named_parts(dataset: Dataset) -> dict[str, Dataset]:
    """The part of each source by its file's name; nothing where a name says none, or all say the same.

    Example:
        >>> from tagloom.data.dataset import Source, SourceFile
        >>> from tagloom.text import Document
        >>> sources = [Source((SourceFile(f"{name}.conll", "utf-8", ""),), "conll", num_documents=1) for name in PARTS]
        >>> parts = named_parts(Dataset(tuple(map(Document, "abc")), tuple(sources)))
        >>> {name: part.documents[0].text for name, part in parts.items()}
        {'train': 'a', 'dev': 'b', 'test': 'c'}
    """
    names = [part_of(PurePath(source.files[0].path)) if source.files else None for source in dataset.sources]
    bounds = list(pairwise(accumulate((source.num_documents for source in dataset.sources), initial=0)))
    if None in names or len(set(names)) < 2 or bounds[-1][1] != len(dataset):
        return {}
    found = {}
    for part in PARTS:
        own = [place for place, name in enumerate(names) if name == part]
        documents = [document for place in own for document in dataset.documents[slice(*bounds[place])]]
        if own:
            sources = tuple(dataset.sources[place] for place in own)
            found[part] = replace(dataset, documents=tuple(documents), sources=sources)
    return found
