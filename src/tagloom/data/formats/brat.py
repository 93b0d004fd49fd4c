"""BRAT: a text file with a file of annotations beside it for each document."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import PurePath

from tagloom.data.file_names import FileNames
from tagloom.data.findings import Findings
from tagloom.data.formats.carrying import Carries
from tagloom.data.formats.format import Format, Options, Piece, Reading, Writing
from tagloom.data.formats.spans import checked_spans
from tagloom.data.formats.standoff import Entity, entity_line, is_annotation, read_entity
from tagloom.data.sources.encodings import takes_mark
from tagloom.data.sources.source_text import BLANKS, SourceText
from tagloom.errors import DataError
from tagloom.text import Document, Span

TEXT, ANNOTATIONS = ".txt", ".ann"


class Brat(Format):
    """A folder of `1.txt` with `1.ann`, `2.txt` with `2.ann`, and so on. Offsets count the characters of the text file.

    A document is called by its files' name, with the folders below the common one. Entities are read; relations,
    events, attributes and notes are counted. Parts of an entity with nothing but blanks between them are one stretch:
    so BRAT divides entities at line ends.
    """

    name = "brat"
    summary = "a BRAT folder of .txt files with .ann files"
    suffixes = ()
    carries = Carries(text=True, ids=True, overlaps=True)

    def count(self, files: Sequence[SourceText], options: Options) -> int:
        """All texts and annotations up to a file that is neither, where there are annotations.

        Where unlabelled documents are kept, all of these may be empty, as they are before anybody has labelled.
        """
        own = list(takewhile(lambda file: PurePath(file.name).suffix in (TEXT, ANNOTATIONS), files))
        annotations = [file for file in own if PurePath(file.name).suffix == ANNOTATIONS]
        first = next((line for file in annotations for line in file.sample()), None)
        are_own = is_annotation(first) or (first is None and options.keeps_unlabelled)
        return len(own) if annotations and are_own else 0

    def read(self, files: Sequence[SourceText], options: Options) -> Reading:
        """A document a pair of files; a text without annotations is left out, unless it is to be kept."""
        findings = Findings()
        return Reading(_documents(_pairs(files), options, findings), None, findings)

    def write(self, documents: Iterable[Document], writing: Writing) -> Iterator[Piece]:
        """Two files a document, called by its id where that can be a file's name."""
        names = FileNames()
        for document in documents:
            self.carries.note_lost(document, writing.findings)
            name = names.name(document.id)
            if document.id not in ("", name):
                writing.findings.note("lost_ids", f"document {document.id}: written as {name}")
            if "\0" in document.text:
                raise DataError(f"document {document.id!r}: expected text, received a NUL. Write json_lines.")
            yield name + TEXT, document.text
            lines = [entity_line(number, span, document) for number, span in enumerate(document.spans, start=1)]
            yield name + ANNOTATIONS, "".join(lines)


def _pairs(files: Sequence[SourceText]) -> dict[str, dict[str, SourceText]]:
    """The files of each document, by its name and then by their suffix.

    Raises:
        DataError: a file is there twice, or annotations are there without their text.
    """
    common = _common_folder([PurePath(file.name).parent.parts for file in files])
    pairs: dict[str, dict[str, SourceText]] = {}
    for file in files:
        path = PurePath(*PurePath(file.name).parts[common:])
        pair = pairs.setdefault(path.with_suffix("").as_posix(), {})
        if path.suffix in pair:
            raise DataError(f"{file.name}: expected each file once, received it twice. Give it once.")
        pair[path.suffix] = file
    for pair in pairs.values():
        if TEXT not in pair:
            raise DataError(
                f"{pair[ANNOTATIONS].name}: expected its text beside it, in a file with the ending {TEXT}, found none. "
                "Add it, or remove the annotations."
            )
    return pairs


def _common_folder(folders: Sequence[tuple[str, ...]]) -> int:
    """How many parts all these paths begin with."""
    same = [len(set(parts)) == 1 for parts in zip(*folders, strict=False)]
    return len(list(takewhile(bool, same)))


def _documents(
    pairs: Mapping[str, Mapping[str, SourceText]], options: Options, findings: Findings
) -> Iterator[Document]:
    for document_id, pair in pairs.items():
        if ANNOTATIONS not in pair:
            if options.keeps_unlabelled:
                yield Document(pair[TEXT].text, id=document_id)
            else:
                findings.note("unannotated_documents", f"document {document_id}")
            continue
        text = pair[TEXT].text
        entities = _entities(pair[ANNOTATIONS], document_id, findings)
        shift = _shift(entities, pair[TEXT], text)
        if shift:
            findings.note("shifted_spans", f"document {document_id}: the byte order mark counts", count=len(entities))
        spans = [
            span
            for entity in entities
            if (span := _span(entity.moved(-shift), text, document_id, options.cover_discontinuous, findings))
            is not None
        ]
        yield Document(text, checked_spans(spans, text, document_id, findings), document_id)


def _entities(file: SourceText, document_id: str, findings: Findings) -> list[Entity]:
    """The entities of a file; notes the other annotations."""
    entities = []
    others: Counter[str] = Counter()
    for number, line in enumerate(file.lines(), start=1):
        if not line.strip(BLANKS):
            continue
        if not is_annotation(line):
            raise DataError(
                f"{file.name}:{number}: expected an annotation of BRAT, such as T1 with its label, offsets and text "
                f"behind tabs, received {line[:60]!r}. Correct the line."
            )
        if line.startswith("T"):
            entities.append(read_entity(line, f"{file.name}:{number}"))
        else:
            others[line[0]] += 1
    for kind, count in others.items():
        findings.note("unread_annotations", f"document {document_id}: {count} of {kind}", count=count)
    return entities


def _shift(entities: Sequence[Entity], file: SourceText, text: str) -> int:
    """By how much the offsets are ahead of the text: BRAT counts a byte order mark, which is no part of it here."""
    if not takes_mark(file.encoding):
        return 0
    fits = [sum(entity.moved(-shift).fits(text) for entity in entities) for shift in (0, 1)]
    return int(fits[1] > fits[0])


def _span(entity: Entity, text: str, document_id: str, cover: bool, findings: Findings) -> Span | None:
    """The stretch of an entity; None where it has several and is not to be covered."""
    start, end = entity.stretch
    example = f"document {document_id}: {start}-{end}"
    if not entity.fits(text):
        found = entity.found(text)
        findings.note("wrong_span_texts", f"{example} is {found[:60]!r}, not {(entity.text or '')[:60]!r}")
    if not entity.is_whole(text):
        findings.note("discontinuous_spans", f"{example} {text[max(0, start) : end][:60]!r} = {entity.label}")
        if not cover:
            return None
    return Span(start, end, entity.label)
