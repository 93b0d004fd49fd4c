import logging
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagloom.data import (
    Dataset,
    FeatureSet,
    feature_set_from_frames,
    from_frame,
    to_datasets,
    to_pandas,
    to_polars,
)
from tagloom.errors import ConfigError, DataError
from tagloom.text import Document, Span, Token

pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
datasets = pytest.importorskip("datasets")

MAKERS: dict[str, Callable[..., Any]] = {
    "pandas": pandas.DataFrame,
    "polars": lambda columns: polars.DataFrame(columns, strict=False),
    "datasets": datasets.Dataset.from_dict,
}
WRITERS: dict[str, Callable[..., Any]] = {"pandas": to_pandas, "polars": to_polars, "datasets": to_datasets}

text_pieces = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=5)
keys = text_pieces | st.sampled_from(
    ["text", "label", "Sentence #", "metadata.x", "columns.y", "tokens", "id", "author"]
)
few = settings(max_examples=40, deadline=None)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    words = draw(st.lists(text_pieces, min_size=1, max_size=5))
    tokens, start = [], 0
    for word in words:
        tokens.append(Token(start, start + len(word)))
        start += len(word) + 1
    edges = sorted(draw(st.sets(st.integers(0, len(words)))))
    spans = [
        Span(
            tokens[first].start,
            tokens[last - 1].end,
            draw(st.sampled_from("AB")),
            draw(st.none() | st.just(0.5)),
            draw(st.none() | st.just("rules")),
        )
        for first, last in pairwise(edges)
        if draw(st.booleans())
    ]
    divided = draw(st.booleans())
    values = st.lists(text_pieces, min_size=len(words), max_size=len(words)).map(tuple)
    return Document(
        " ".join(words),
        tuple(spans),
        draw(text_pieces),
        draw(st.dictionaries(keys, st.text(max_size=3), max_size=3)),
        tuple(tokens) if divided else None,
        draw(st.sampled_from([None, ((0, len(words)),)])) if divided else None,
        columns=draw(st.dictionaries(keys, values, max_size=2)) if divided else {},
    )


def kinds(dataset: Dataset) -> dict[str, int]:
    return {finding.kind: finding.count for finding in dataset.sources[0].findings}


@pytest.mark.parametrize("library", WRITERS)
@few
@given(several=st.lists(documents(), min_size=1, max_size=4))
def test_documents_come_back_as_they_were(library: str, several: list[Document]) -> None:
    dataset = from_frame(WRITERS[library](Dataset(tuple(several))))
    assert dataset.documents == tuple(several)
    assert (dataset.sources[0].format, dataset.sources[0].num_documents) == (library, len(several))
    assert not set(kinds(dataset)) - {"blank_edged_spans"}


@pytest.mark.parametrize("library", WRITERS)
@few
@given(several=st.lists(documents(), min_size=1, max_size=4))
def test_words_and_their_tags_come_back_as_they_were(library: str, several: list[Document]) -> None:
    dataset = Dataset(tuple(document for document in several if document.tokens is not None))
    if not dataset:
        return
    again = from_frame(WRITERS[library](dataset, shape="words", scheme="BIOES"))
    assert [(each.words, each.chunks()) for each in again.sentences()] == [
        (each.words, each.chunks()) for each in dataset.sentences()
    ]


@pytest.mark.parametrize("library", MAKERS)
def test_a_word_a_row_is_read_as_from_a_csv_file(library: str) -> None:
    frame = MAKERS[library](
        {
            "Sentence #": ["Sentence: 1", None, "Sentence: 2"],
            "Word": ["Sony", "D90", "works"],
            "POS": ["NNP", None, "VBZ"],
            "Tag": ["B-PNAME", "I-PNAME", "O"],
        }
    )
    dataset = from_frame(frame)
    first, second = dataset.documents
    assert (first.text, first.spans, first.id) == ("Sony D90", (Span(0, 8, "PNAME"),), "Sentence: 1")
    assert first.columns == {"POS": ("NNP", "")}
    assert second.text == "works"
    assert (dataset.sources[0].scheme, dataset.sources[0].num_sentences, dataset.sources[0].num_tokens) == ("BIO", 2, 3)


def test_columns_can_be_named_by_name_or_place() -> None:
    frame = pandas.DataFrame({"a": [1, 1, 2], "b": ["x", "y", "z"], "c": ["I-X", "O", "O"]})
    dataset = from_frame(frame, columns={"sentence": "a", "word": 1, "tag": -1}, scheme="IO")
    assert [document.text for document in dataset.documents] == ["x y", "z"]
    assert dataset.sources[0].scheme == "IO"


def test_sentences_may_be_numbered_with_gaps_as_pandas_keeps_them() -> None:
    frame = pandas.DataFrame({"sentence": [1, None, 2], "word": ["a", "b", "c"], "tag": ["O", "O", "O"]})
    assert str(frame["sentence"].dtype) == "float64"
    assert [document.id for document in from_frame(frame).documents] == ["1", "2"]


@pytest.mark.parametrize("dtype", ["category", "string", "str", "object"])
def test_every_kind_of_string_column_of_pandas_is_read(dtype: str) -> None:
    columns = {"sentence": ["1", "1"], "word": ["Sony", "works"], "tag": ["B-X", "O"]}
    assert from_frame(pandas.DataFrame(columns).astype(dtype)).entities == {"X": 1}


def test_arrow_columns_of_pandas_and_categories_of_polars_are_read() -> None:
    columns = {"sentence": ["1", "1"], "word": ["Sony", "works"], "tag": ["B-X", "O"]}
    frame = pandas.DataFrame(columns).convert_dtypes(dtype_backend="pyarrow")
    assert from_frame(frame).entities == {"X": 1}
    assert from_frame(polars.DataFrame(columns).with_columns(polars.all().cast(polars.Categorical))).entities == {
        "X": 1
    }


def conll_2003() -> Any:
    """Two sentences in the features that the Hub's CoNLL sets have."""
    tags = datasets.ClassLabel(names=["O", "B-PER", "I-PER"])
    parts = datasets.ClassLabel(names=["NNP", "VBZ"])
    text = datasets.Value("string")
    features = {"id": text, "tokens": [text], "pos_tags": [parts], "ner_tags": [tags], "url": text}
    rows = {
        "id": ["a", "b"],
        "tokens": [["Ada", "Lovelace", "writes"], ["works"]],
        "pos_tags": [[0, 0, 1], [1]],
        "ner_tags": [[1, 2, 0], [0]],
        "url": ["x.org", None],
    }
    return datasets.Dataset.from_dict(
        rows, features=datasets.Features({name: as_list(each) for name, each in features.items()})
    )


def as_list(feature: Any) -> Any:
    return datasets.Sequence(feature[0]) if isinstance(feature, list) else feature


def test_numbers_are_tags_by_the_names_of_their_classes() -> None:
    dataset = from_frame(conll_2003())
    first, second = dataset.documents
    assert first == Document(
        "Ada Lovelace writes",
        (Span(0, 12, "PER"),),
        "a",
        {"url": "x.org"},
        (Token(0, 3), Token(4, 12), Token(13, 19)),
        columns={"pos_tags": ("NNP", "NNP", "VBZ")},
    )
    assert (second.id, second.metadata, second.spans) == ("b", {}, ())


def test_a_dataset_of_another_format_is_read_all_the_same() -> None:
    assert from_frame(conll_2003().with_format("numpy")).documents == from_frame(conll_2003()).documents


def test_numbers_without_names_need_them() -> None:
    frame = pandas.DataFrame({"tokens": [["Ada"], ["works"]], "ner_tags": [[1], [0]]})
    with pytest.raises(
        DataError, match=r"pandas row 0, column 'ner_tags': .* received 1\. Give the names .*: tag_names\."
    ):
        from_frame(frame)
    assert from_frame(frame, tag_names=["O", "B-PER"]).entities == {"PER": 1}
    with pytest.raises(DataError, match="row 0"):
        from_frame(frame, tag_names=["O"])


def test_words_with_their_own_text_keep_it() -> None:
    frame = polars.DataFrame(
        {
            "text": ["Sony!", "other"],
            "tokens": [["Sony", "!"], ["works"]],
            "tags": [["B-X", "O"], ["O"]],
            "stars": [5, 4],
        }
    )
    dataset = from_frame(frame)
    assert [document.text for document in dataset.documents] == ["Sony!", "works"]
    assert dataset.documents[0].tokens == (Token(0, 4), Token(4, 5))
    assert [document.metadata for document in dataset.documents] == [{"stars": "5"}, {"stars": "4"}]
    assert kinds(dataset) == {"lost_text": 1}


def test_a_row_without_words_is_counted() -> None:
    frame = pandas.DataFrame({"tokens": [["a"], []], "tags": [["O"], []]})
    assert kinds(from_frame(frame)) == {"blank_sentences": 1}


ENTITIES = {
    "objects": [{"start": 0, "end": 4, "label": "X"}],
    "offsets of doccano": [{"start_offset": 0, "end_offset": 4, "label": "X"}],
    "lists": [[0, 4, "X"]],
    "json": '[{"start": 0, "end": 4, "label": "X"}]',
    "a list for each key": {"start": [0], "end": [4], "label": ["X"]},
}


@pytest.mark.parametrize("entities", ENTITIES.values(), ids=ENTITIES)
def test_entities_may_be_written_in_several_ways(entities: Any) -> None:
    dataset = from_frame(pandas.DataFrame({"text": ["Sony works"], "entities": [entities], "stars": [5.0]}))
    assert dataset.documents[0].spans == (Span(0, 4, "X"),)
    assert dataset.documents[0].metadata == {"stars": "5"}


def test_labels_of_entities_may_be_classes() -> None:
    span = {"start": datasets.Value("int64"), "end": datasets.Value("int64"), "label": datasets.ClassLabel(names=["X"])}
    features = datasets.Features({"text": datasets.Value("string"), "entities": [span]})
    rows = {"text": ["Sony works"], "entities": [[{"start": 0, "end": 4, "label": 0}]]}
    assert from_frame(datasets.Dataset.from_dict(rows, features=features)).documents[0].spans == (Span(0, 4, "X"),)


def test_words_of_a_text_are_found_in_it() -> None:
    columns = {"text": ["A D90.", "A D90."], "entities": [[], []], "tokens": [["A", "D90", "."], ["B"]]}
    dataset = from_frame(pandas.DataFrame(columns))
    assert [document.tokens for document in dataset.documents] == [(Token(0, 1), Token(2, 5), Token(5, 6)), None]
    assert kinds(dataset) == {"lost_words": 1}


def test_what_is_wrong_with_spans_is_counted() -> None:
    frame = pandas.DataFrame({"text": ["ab"], "entities": [[[0, 9, "X"], [1, 1, "X"]]]})
    assert kinds(from_frame(frame)) == {"out_of_range_spans": 1, "empty_spans": 1}


WRONG: dict[str, tuple[dict[str, Sequence[Any]], str]] = {
    "a missing word": (
        {"sentence": ["1", "1"], "word": ["a", None], "tag": ["O", "O"]},
        r"row 1, column 'word': expected a word, received none\. Fill it in; pandas\.read_csv takes words such as None",
    ),
    "a missing tag": (
        {"sentence": ["1", "1"], "word": ["a", "b"], "tag": ["O", None]},
        r"row 1, column 'tag': expected O or a tag such as B-NAME.*, received none\. Correct the tag\.",
    ),
    "a wrong tag": (
        {"sentence": ["1", "1"], "word": ["a", "b"], "tag": ["O", "PER"]},
        r"row 1, column 'tag': expected O or a tag such as B-NAME .*, received 'PER'",
    ),
    "a missing text": (
        {"text": ["a", None], "entities": [[], []]},
        r"row 1, column 'text': expected a text, received none",
    ),
    "missing entities": (
        {"text": ["a", "b"], "entities": [[], None]},
        r"row 1, column 'entities': expected a list of entities, received none\. Give an empty list",
    ),
    "entities that are no JSON": (
        {"text": ["a"], "entities": ["[{"]},
        r"row 0, column 'entities': expected a list of entities or JSON of one, received '\[\{'",
    ),
    "an entity without a label": (
        {"text": ["a"], "entities": [[{"start": 0, "end": 1}]]},
        r"row 0: expected a document, received the label None, not a string",
    ),
    "missing words": (
        {"tokens": [["a"], None], "tags": [["O"], ["O"]]},
        r"row 1, column 'tokens': expected a list of words, received none",
    ),
    "a tag too few": (
        {"tokens": [["a"], ["b", "c"]], "tags": [["O"], ["O"]]},
        r"row 1, column 'tags': expected a list of 2 tags, one a word, received \['O'\]",
    ),
    "unknown columns": (
        {"a": ["b"], "c": ["d"]},
        r"expected a document a row, .*; found the columns 'a', 'c'\. Say which",
    ),
    "no rows": ({"text": [], "entities": []}, r"expected labelled rows, received none"),
}


@pytest.mark.parametrize(("columns", "message"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("library", MAKERS)
def test_what_is_missing_or_wrong_is_told_with_row_and_column(
    library: str, columns: dict[str, Sequence[Any]], message: str
) -> None:
    with pytest.raises(DataError, match=f"^{library}.* {message}"):
        from_frame(MAKERS[library](columns))


def test_words_that_are_no_strings_are_refused() -> None:
    with pytest.raises(DataError, match=r"row 0, column 'word': expected a word, received 1990\. Make it a string\."):
        from_frame(pandas.DataFrame({"sentence": [1], "word": [1990], "tag": ["O"]}))


def test_a_frame_with_two_columns_of_one_name_is_refused() -> None:
    frame = pandas.DataFrame([["a", [], []]], columns=["text", "entities", "entities"])
    with pytest.raises(DataError, match="received 'entities' twice"):
        from_frame(frame)


@pytest.mark.parametrize(
    ("table", "advice"),
    [
        ({"text": ["a"]}, "received dict."),
        (polars.LazyFrame({"text": ["a"]}), "received LazyFrame. Collect it first."),
        (datasets.DatasetDict(), "received DatasetDict. Take one of its parts, or all as a feature set"),
    ],
)
def test_what_is_no_table_is_refused(table: Any, advice: str) -> None:
    with pytest.raises(ConfigError, match=advice.replace(".", r"\.")):
        from_frame(table)


@pytest.mark.parametrize("columns", [{"words": "a"}, {"word": "b"}, {"word": 7}])
def test_a_column_that_there_is_not_is_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="columns: received"):
        from_frame(pandas.DataFrame({"a": ["b"]}), columns=columns)


def test_a_dataset_dict_becomes_a_feature_set_and_back() -> None:
    parts = datasets.DatasetDict({"train": conll_2003(), "validation": conll_2003(), "test": conll_2003()})
    feature_set = feature_set_from_frames(parts)
    assert [name for name, _ in feature_set.parts()] == ["train", "dev", "test"]
    assert feature_set.dev.documents == from_frame(conll_2003()).documents
    again = to_datasets(feature_set)
    assert list(again) == ["train", "validation", "test"]
    assert feature_set_from_frames(again).test.documents == feature_set.test.documents


def test_the_parts_of_a_feature_set_are_named_once_with_train_among_them() -> None:
    frame = pandas.DataFrame({"text": ["a"], "entities": [[]]})
    assert isinstance(feature_set_from_frames({"Train": frame}), FeatureSet)
    for names in (["train", "unsupervised"], ["dev", "validation"], ["test"], []):
        with pytest.raises(ConfigError, match="frames: expected"):
            feature_set_from_frames(dict.fromkeys(names, frame))


def test_what_words_cannot_say_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    document = Document("Sony D90s", (Span(5, 8, "X"),), metadata={"stars": "5"})
    with caplog.at_level(logging.WARNING):
        frame = to_pandas(Dataset((document,)), shape="words")
    assert list(frame["tag"]) == ["O", "B-X"]
    assert "misaligned_spans: 1, such as" in caplog.text
    assert "lost_metadata: 1" in caplog.text


def test_a_shape_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError, match="shape: expected documents or words, received 'rows'"):
        to_polars(Dataset(), shape="rows")


def test_none_of_the_libraries_is_imported_before_it_is_asked_for() -> None:
    code = "import sys; import tagloom.data.frames; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert {"pandas", "polars", "datasets", "pyarrow"}.isdisjoint(done.stdout.split())


def test_a_library_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(ModuleNotFoundError, match="this needs polars, which is not installed"):
        to_polars(Dataset((Document("a"),)))


@pytest.mark.parametrize(("out", "name"), [(to_pandas, "pandas"), (to_polars, "polars"), (to_datasets, "datasets")])
def test_a_name_may_be_metadata_here_and_a_column_there(out: Callable[[Dataset], Any], name: str) -> None:
    dataset = Dataset(
        (
            Document("a", id="1", metadata={"kind": "x"}),
            Document("b", id="2", tokens=(Token(0, 1),), columns={"kind": ("y",)}),
        )
    )
    assert from_frame(out(dataset)).documents == dataset.documents, name
