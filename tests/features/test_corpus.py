"""Sentences to batches: everything is there once, in its place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tagloom.features.corpus import Corpus, count_words
from tagloom.features.vocabulary import Vocabulary

sentences = st.lists(st.lists(st.sampled_from("a A b c7 c8 don't 日".split()), min_size=1, max_size=6), min_size=1)


def corpus_of(words: list[list[str]]) -> tuple[Corpus, list[str]]:
    counts = count_words(words)
    tags = [["O" if word == "a" else "B" for word in sentence] for sentence in words]
    corpus = Corpus.of(words, tags, Vocabulary.of(counts), {"O": 0, "B": 1}, counts)
    return corpus, list(dict.fromkeys(word for sentence in words for word in sentence))


@given(sentences)
def test_a_batch_spells_its_sentences(words: list[list[str]]) -> None:
    corpus, surfaces = corpus_of(words)
    chosen = np.arange(len(words))[::-1]
    batch = corpus.batch(chosen)
    assert len(set(batch.surfaces.tolist())) == len(batch.surfaces)
    assert batch.num_words == sum(map(len, words))
    assert batch.tags is not None
    for place, number in enumerate(chosen):
        length = batch.lengths[place]
        spelled = [surfaces[batch.surfaces[position]] for position in batch.positions[:length, place]]
        assert spelled == words[number]
        assert batch.tags[place, :length].tolist() == [0 if word == "a" else 1 for word in words[number]]
        assert not batch.tags[place, length:].any()


@given(sentences, st.integers(1, 4), st.integers(0, 99))
def test_an_epoch_has_every_sentence_once_and_the_same_seed_the_same_order(
    words: list[list[str]], batch_size: int, seed: int
) -> None:
    corpus, _ = corpus_of(words)
    orders = [corpus.batch_order(batch_size, np.random.default_rng(seed)) for _ in range(2)]
    assert sorted(np.concatenate(orders[0]).tolist()) == list(range(len(words)))
    assert all(np.array_equal(first, second) for first, second in zip(*orders, strict=True))


@given(sentences, st.integers(1, 4), st.integers(1, 12))
def test_what_is_measured_has_every_sentence_once_in_batches_that_are_bounded(
    words: list[list[str]], batch_size: int, most_words: int
) -> None:
    corpus, _ = corpus_of(words)
    found = list(corpus.batches_in_order(batch_size, most_words))
    assert sorted(np.concatenate([chosen for chosen, _ in found]).tolist()) == list(range(len(words)))
    for chosen, batch in found:
        assert len(chosen) <= batch_size
        assert len(chosen) == 1 or batch.positions.size <= most_words


def test_words_seen_once_are_counted_as_the_table_knows_them() -> None:
    corpus, surfaces = corpus_of([["c7", "c8", "a", "b"], ["A", "日"]])
    seen_once = dict(zip(surfaces, corpus.surfaces.seen_once[0].tolist(), strict=True))
    assert seen_once == {"c7": False, "c8": False, "a": False, "A": False, "b": True, "日": True}
