"""The numbers that checks work on, against the documents themselves."""

from hypothesis import given
from hypothesis import strategies as st

from tagloom.data import Dataset
from tagloom.data.quality.contents import Contents, divided_contents
from tagloom.schemes import BIOES
from tagloom.text import Document, JoinedWords, Sentence, Span, Token

WORDS = st.lists(st.sampled_from(["a", "bc", "D90", "é", "日本"]), min_size=1, max_size=6)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    words = draw(WORDS)
    text = " ".join(words)
    edges = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edges, edges), max_size=4))
    spans = tuple(Span(min(pair), max(pair), "XY"[max(pair) % 2]) for pair in pairs if pair[0] != pair[1])
    tokens = JoinedWords(tuple(words))
    cut = draw(st.integers(1, len(words)))
    bounds = ((0, cut), (cut, len(words))) if cut < len(words) else None
    form = draw(st.sampled_from(["joined", "divided", "tuple", "text"]))
    if form == "text":
        return Document(text, spans, "1")
    own = tuple(tokens) if form == "tuple" else tokens
    return Document(text, spans, "1", {}, own, bounds if form == "divided" else None)


DATASETS = st.lists(documents(), max_size=5).map(lambda every: Dataset(tuple(every)))


@given(DATASETS)
def test_words_stand_where_their_sentences_say(dataset: Dataset) -> None:
    contents = Contents.of(dataset)
    assert contents.sentences == dataset.sentences()
    assert list(map(list, contents.sentence_words)) == [sentence.words for sentence in dataset.sentences()]
    laid_out = "\0".join(document.text for document in dataset.documents)
    words = [laid_out[start:end] for start, end in zip(contents.starts, contents.ends, strict=True)]
    assert words == [contents.vocabulary[number] for number in contents.words]
    for place, (begin, end) in enumerate(zip(contents.bounds, contents.bounds[1:], strict=False)):
        assert words[begin:end] == list(contents.sentence_words[place])


@given(DATASETS)
def test_spans_touch_the_words_that_share_a_character_with_them(dataset: Dataset) -> None:
    contents = Contents.of(dataset)
    entities = contents.entities
    touched = [
        [index for index in range(len(contents.words)) if contents.starts[index] < end and contents.ends[index] > start]
        for start, end in zip(entities.starts, entities.ends, strict=True)
    ]
    for span, words in enumerate(touched):
        first, end = entities.first_words[span], entities.end_words[span]
        assert list(range(first, end)) == words
        edges = [(contents.starts[words[0]], contents.ends[words[-1]])] if words else []
        assert entities.are_aligned[span] == ([(entities.starts[span], entities.ends[span])] == edges)
    labelled = {word for words in touched for word in words}
    assert [place for place, one in enumerate(contents.are_labelled) if one] == sorted(labelled)


@given(DATASETS)
def test_each_span_that_touches_a_word_begins_in_one_sentence(dataset: Dataset) -> None:
    contents = Contents.of(dataset)
    found = [span for sentence in range(len(contents.sentences)) for span in contents.spans_in(sentence)]
    worded = contents.entities.end_words > contents.entities.first_words
    assert sorted(found) == [span for span, one in enumerate(worded) if one]


@given(st.lists(DATASETS, min_size=1, max_size=3))
def test_parts_lie_in_the_whole_as_they_are(datasets: list[Dataset]) -> None:
    contents, parts = divided_contents(dict(zip(("train", "dev", "test"), datasets, strict=False)))
    for part, dataset in zip(parts.values(), datasets, strict=True):
        own = Contents.of(dataset)
        assert contents.sentence_texts[part.sentences] == own.sentence_texts
        assert contents.entities.texts[part.spans] == own.entities.texts
        assert [contents.vocabulary[word] for word in contents.words[part.words]] == [
            own.vocabulary[word] for word in own.words
        ]
        assert part.documents.stop - part.documents.start == len(dataset)


def test_nothing_has_no_contents() -> None:
    contents = Contents.of(Dataset())
    assert (contents.sentences, contents.vocabulary, contents.entities.spans) == ([], [], [])


def test_aligned_spans_are_those_that_tags_can_say() -> None:
    sentence = Sentence("A D90.", (Token(0, 1), Token(2, 5), Token(5, 6)), (Span(2, 5, "X"),))
    document = Document(sentence.text, sentence.spans, "1", {}, tuple(sentence.tokens))
    assert Contents.of(Dataset((document,))).entities.are_aligned.all()
    assert sentence.tags(BIOES) == ["O", "S-X", "O"]
