"""Text in, spans out: exact offsets, scores that are probabilities, and the same whatever is asked beside it."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tagloom.bundle.architecture import ALGORITHMS
from tagloom.decoding import Lattice
from tagloom.errors import BundleError, ConfigError
from tagloom.features.corpus import Corpus
from tagloom.inference.predictor import Predictor, ScoredChunk, load
from tagloom.models.inputs import Inputs
from tagloom.schemes import BIOES
from tagloom.text import Document, Span, Token
from tagloom.tokenize import sentences, tokens
from tiny import SENTENCES, tiny_bundle, tiny_tagger

PREDICTOR = Predictor(tiny_bundle())
PIECES = [
    *("Nikon", "D90", "CE-7RM3", "don't", "viewfinder", "e\u0301t\u00e9", "日本", "カメラ", "น้ำ", "مرحبا", "x" * 600),
    *(
        "👍🏽",
        "👩‍👩‍👧",
        "🇩🇪",
        "1️⃣",
        "\ufe0f",
        "\u0301",
        "\ud83d",
        " ",
        "\u00a0",
        "\r\n",
        "\n\n",
        "\t",
        ".",
        "! ",
        "。",
        "...",
    ),
]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=40)


def places(spans: tuple[Span, ...] | list[Span]) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in spans]


@given(texts)
def test_spans_are_whole_words_of_the_text_in_order_and_apart(text: str) -> None:
    found = tokens(text)
    starts, ends = {token.start for token in found}, {token.end for token in found}
    position = 0
    for span in PREDICTOR(text):
        assert position <= span.start < span.end <= len(text)
        assert span.start in starts
        assert span.end in ends
        assert text[span.start : span.end].strip()
        assert span.score is not None
        assert 0 <= span.score <= 1
        position = span.end


def test_an_entity_is_found_at_its_code_points_behind_any_script() -> None:
    (first, *_) = PREDICTOR("Nikon D90")
    entity = "Nikon D90"[first.start : first.end]
    for before in ("👩‍👩‍👧👍🏽🇩🇪\n\n", "e\u0301te\u0301\r\n\r\n", "日本。", "น้ำ ดี\n\n", "\u00a0\t\n\n"):
        span = next(span for span in PREDICTOR(before + "Nikon D90") if span.start >= len(before))
        assert (before + "Nikon D90")[span.start : span.end] == entity
        assert span.score == pytest.approx(first.score, abs=1e-5)


@pytest.mark.parametrize("text", ["", " ", "\r\n \t\u00a0\n", "\x00\u200b"])
def test_a_text_without_words_has_no_entities(text: str) -> None:
    assert PREDICTOR(text) == []
    assert PREDICTOR.chunks([[]]) == [[]]
    assert PREDICTOR.tag([[]]) == [[]]


def test_one_word_is_enough() -> None:
    assert any(places(PREDICTOR(word)) == [(0, len(word), label)] for word in PIECES for label in ("PNAME", "PFEATURE"))


def test_a_text_of_thousands_of_words_without_a_stop_is_read_to_its_end() -> None:
    words = [word for number in range(1000) for word in ("Nikon", f"D{number}", "has", "a", "viewfinder")]
    spans = PREDICTOR(" ".join(words))
    (tags,) = PREDICTOR.tag([words])
    assert len(tags) == 5000
    assert BIOES.violations(tags) == []
    assert len(spans) == len(BIOES.decode(tags))
    assert spans[-1].end > 0.99 * len(" ".join(words))
    assert all(0 <= (span.score or 0) <= 1 for span in spans)


@settings(max_examples=40)
@given(st.lists(texts, max_size=12), st.integers(1, 5))
def test_many_texts_at_once_give_what_each_gives_alone_in_order(many: list[str], batch_size: int) -> None:
    together = list(PREDICTOR.documents([Document(text) for text in many], batch_size=batch_size))
    assert [document.text for document in together] == many
    for document in together:
        alone = PREDICTOR(document.text)
        assert places(document.spans) == places(alone)
        assert [span.score for span in document.spans] == pytest.approx([span.score for span in alone], abs=1e-5)


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=9), max_size=9))
def test_tags_keep_to_the_scheme_and_spell_the_chunks(many: list[list[str]]) -> None:
    for words, tags, chunks in zip(many, PREDICTOR.tag(many), PREDICTOR.chunks(many, batch_size=2), strict=True):
        assert len(tags) == len(words)
        assert BIOES.violations(tags) == []
        assert BIOES.decode(tags) == [chunk[:3] for chunk in chunks]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_tags_are_those_that_the_trained_network_decodes(algorithm: str) -> None:
    for seed in range(4):
        tagger, vocabulary = tiny_tagger(algorithm, seed=seed)
        corpus = Corpus.of(SENTENCES, None, vocabulary, {})
        _, paths = tagger.judge(Inputs.of(corpus, corpus.batch(np.arange(len(SENTENCES)))))
        expected = [[tagger.tags[tag] for tag in path] for path in paths]
        assert Predictor(tiny_bundle(algorithm, seed=seed)).tag(SENTENCES) == expected


def share_of_the_paths_with(chunk: tuple[int, int, str], lattice: Lattice, tags: list[str]) -> float:
    """What part of the summed exponentiated scores of all paths is that of those that spell exactly this chunk."""
    emissions = lattice.emissions[0].astype(float)
    whole = found = 0.0
    for path in itertools.product(range(len(tags)), repeat=len(emissions)):
        score = lattice.start_transitions[path[0]] + lattice.end_transitions[path[-1]]
        score += sum(emissions[position, tag] for position, tag in enumerate(path))
        score += sum(lattice.transitions[before, after] for before, after in itertools.pairwise(path))
        weight = float(np.exp(score))
        whole += weight
        if weight and chunk in BIOES.decode([tags[tag] for tag in path]):
            found += weight
    return found / whole


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_score_is_the_share_of_all_paths_with_exactly_that_entity(algorithm: str) -> None:
    num_scores = 0
    for seed in range(4):
        predictor = Predictor(tiny_bundle(algorithm, labels=("A",), seed=seed))
        for words in (["Nikon", "D90", "has", "日"], ["Superb"], ["a", "b"]):
            ((_, lattice),) = predictor.lattices([words], 1)
            for *chunk, score in predictor.chunks([words])[0]:
                first, last, label = chunk
                assert score == pytest.approx(share_of_the_paths_with((first, last, label), lattice, predictor.tags))
                num_scores += 1
    assert num_scores > 2


def test_words_of_the_source_are_kept() -> None:
    own = Token(0, 5), Token(6, 9), Token(9, 12)
    document = Document("Nikon D90has", tokens=own, sentence_bounds=((0, 2), (2, 3)))
    (found,) = PREDICTOR.documents([document])
    expected = PREDICTOR.chunks([["Nikon", "D90"], ["has"]])
    words = [(0, own[:2]), (1, own[2:])]
    assert places(found.spans) == [
        (some[first].start, some[last - 1].end, label)
        for number, some in words
        for first, last, label, _ in expected[number]
    ]


def test_an_empty_word_of_the_source_is_read_like_any_other() -> None:
    assert len(PREDICTOR.tag([["Nikon", "", "D90"]])[0]) == 3


def test_a_document_keeps_its_id_and_metadata_and_loses_what_was_labelled() -> None:
    given_document = Document("Nikon D90", (Span(0, 5, "X"),), id="7", metadata={"a": "b"})
    (found,) = PREDICTOR.documents([given_document])
    assert (found.id, found.metadata, found.text) == ("7", {"a": "b"}, "Nikon D90")
    assert "X" not in {span.label for span in found.spans}
    tagged = Document("Nikon", tokens=(Token(0, 5),), source_tags=("I-X",))
    assert next(PREDICTOR.documents([tagged])).source_tags is None


def test_sentences_do_not_depend_on_what_was_labelled() -> None:
    text = "It works. Nikon D90"
    (found,) = PREDICTOR.documents([Document(text, (Span(0, len(text), "X"),))])
    assert places(found.spans) == places(PREDICTOR(text))
    assert len(sentences(Document(text))) == 2


@pytest.mark.parametrize("text", ["D90", "Nikon D90 " * 500])
def test_documents_come_before_all_of_the_input_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagloom.inference.predictor._CHARACTERS_AT_ONCE", 10_000)
    read = 0

    def endless() -> Iterator[Document]:
        nonlocal read
        while True:
            read += 1
            yield Document(text, id=str(read))

    stream = PREDICTOR.documents(endless())
    assert [next(stream).id for _ in range(3)] == ["1", "2", "3"]
    assert read <= 1024
    assert (read - 3) * len(text) < 10_000


def test_batches_beside_one_another_give_what_each_alone_gives_and_the_same_each_time() -> None:
    many = [words[:length] for words in SENTENCES for length in range(1, len(words) + 1)] * 5

    def found(threads: int) -> list[list[ScoredChunk]]:
        return Predictor(tiny_bundle(), threads=threads).chunks(many, batch_size=3)

    alone, beside = found(1), found(3)
    assert any(alone)
    assert found(3) == beside
    for own, other in zip(alone, beside, strict=True):
        assert [chunk[:3] for chunk in own] == [chunk[:3] for chunk in other]
        assert [chunk[3] for chunk in own] == pytest.approx([chunk[3] for chunk in other], abs=1e-6)


@pytest.mark.parametrize("batch_size", [0, -1])
def test_a_batch_of_nothing_is_refused(batch_size: int) -> None:
    with pytest.raises(ConfigError, match="batch_size: expected 1 or more, received"):
        PREDICTOR.chunks(SENTENCES, batch_size=batch_size)


def test_a_model_that_was_trained_with_another_tokenizer_is_refused() -> None:
    with pytest.raises(BundleError, match="expected the tokenizer 'tagloom-1', received 'tagloom-0'"):
        Predictor(replace(tiny_bundle(), tokenizer="tagloom-0"))


@pytest.mark.parametrize("temperature", [0.6, 1.0, 2.5])
def test_a_temperature_changes_scores_as_divided_lattices_do_and_no_span(temperature: float) -> None:
    tempered = Predictor(replace(tiny_bundle(), temperature=temperature))
    words = SENTENCES[0][:4]
    ((_, lattice),) = PREDICTOR.lattices([words])
    scores = {path: path_score(lattice, path) / temperature for path in itertools.product(range(9), repeat=len(words))}
    whole = np.logaddexp.reduce(list(scores.values()))
    found = tempered.chunks([words])[0]
    assert [chunk[:3] for chunk in found] == [chunk[:3] for chunk in PREDICTOR.chunks([words])[0]] != []
    for first, last, label, score in found:
        spelled = [PREDICTOR.tags.index(tag) for tag in BIOES.encode([(0, last - first, label)], last - first)]
        inside = [own for path, own in scores.items() if list(path[first:last]) == spelled]
        assert score == pytest.approx(np.exp(np.logaddexp.reduce(inside) - whole), abs=1e-5)


def path_score(lattice: Lattice, path: tuple[int, ...]) -> float:
    words = sum(lattice.emissions[0, place, tag] for place, tag in enumerate(path))
    steps = sum(lattice.transitions[before, after] for before, after in itertools.pairwise(path))
    return float(lattice.start_transitions[path[0]] + words + steps + lattice.end_transitions[path[-1]])


def test_what_is_found_in_a_text_is_a_sequence_that_shows_itself() -> None:
    found = PREDICTOR("My Nikon D90 has a bright viewfinder.")
    assert found == list(found) != []
    assert found.to_displacy()["ents"][0]["label"] == found[0].label


def test_a_run_without_a_model_and_a_series_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.toml").write_text("")
    with pytest.raises(BundleError, match=r"received a run without one\. Go on with it: tagloom train --resume -o "):
        load(tmp_path / "run")
    for seed in (13, 14):
        (tmp_path / "series" / f"seed-{seed}").mkdir(parents=True)
        (tmp_path / "series" / f"seed-{seed}" / "config.toml").write_text("")
    with pytest.raises(BundleError, match=r"received a series of runs\. Name one: .*seed-13\."):
        load(tmp_path / "series")
