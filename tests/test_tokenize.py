"""Text to words and sentences: exact offsets in any script, nothing lost, and linear on any text."""

import time
import unicodedata
from itertools import pairwise

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from tagloom.text import Document, Span, Token
from tagloom.tokenize import sentences, tokens

BLANK_CATEGORIES = {"Zs", "Zl", "Zp", "Cc"}
PIECES = [
    *("Nikon", "CE-7RM3", "don't", "it’s", "U.S.", "Mr.", "No.", "n't", "'s", "a@b.co", "http://a.b/c?d", "www.x.y"),
    *("3.5", "f/2.8", "...", "--", "…", "”", *'!?.,")(#@_&/+。．'),
    *("日本", "カメラ", "ー", "ﾞ", "ไทย", "น้ำ", "한국", "مرحبا", "؟", "नमस्ते", "e\u0301", "\u0301", "\u0600", "\u0e33"),
    *("👍", "👍🏽", "👩‍👩‍👧", "🇩", "🇩🇪", "1️⃣", "\u200d", "\u00ad", "\ufe0f"),
    *(" ", "  ", "\u00a0", "\t", "\n", "\r\n", "\n\n", "\u0085", "\u2028", "\u3000", "\u200b", "\ufeff", "\x00"),
]
texts = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(exclude_categories=()), max_size=20),  # lone surrogates too
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)


def is_blank(character: str) -> bool:
    return unicodedata.category(character) in BLANK_CATEGORIES or character in "\u200b\u2060\ufeff"


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens(text)]


def sentence_words(text: str) -> list[list[str]]:
    return [sentence.words for sentence in sentences(Document(text))]


@given(texts)
def test_tokens_are_in_order_apart_and_never_empty(text: str) -> None:
    found = tokens(text)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(texts)
@example("\u0600 \u0301")
def test_no_token_holds_a_blank_and_every_other_character_lies_in_one(text: str) -> None:
    covered = {position for start, end in tokens(text) for position in range(start, end)}
    assert covered == {position for position, character in enumerate(text) if not is_blank(character)}


@given(texts)
@example("#e\u0301")
@example("...\u0301")
def test_a_combining_mark_never_begins_a_token_behind_another(text: str) -> None:
    ends = {token.end for token in tokens(text)}
    for start, _ in tokens(text):
        assert start not in ends or not unicodedata.category(text[start]).startswith("M")


@given(texts)
def test_sentences_divide_the_tokens_between_them(text: str) -> None:
    parts = sentences(Document(text))
    assert [token for part in parts for token in part.tokens] == tokens(text)
    assert all(part.tokens for part in parts)


@given(texts, st.data())
@example(" D90", None)
def test_no_sentence_ends_inside_a_span_and_none_is_lost(text: str, data: st.DataObject | None) -> None:
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6))) if data else [0, len(text)]
    spans = tuple(Span(start, end, "X") for start, end in zip(edges[::2], edges[1::2], strict=False) if start < end)
    parts = sentences(Document(text, spans))
    assert [token for part in parts for token in part.tokens] == tokens(text)
    for part in parts[1:]:
        assert not any(span.start < part.tokens[0].start < span.end for span in spans)
    if parts:
        assert sorted((span for part in parts for span in part.spans), key=lambda span: span.start) == list(spans)


@given(texts)
def test_offsets_are_code_points_and_do_not_depend_on_what_stands_before(text: str) -> None:
    before = "👍 日 \n\n"
    moved = [Token(start + len(before), end + len(before)) for start, end in tokens(text)]
    assert tokens(before + text)[2:] == moved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The CE-7RM3, EF-S 24-70mm f/2.8L!", "The | CE-7RM3 | , | EF-S | 24-70mm | f/2.8L | !"),
        ("R&D of C++ at AT&T", "R&D | of | C | + | + | at | AT&T"),
        ("Don't; it isn't the camera's", "Do | n't | ; | it | is | n't | the | camera | 's"),
        ("Don’t; it isn’t the camera’s", "Do | n’t | ; | it | is | n’t | the | camera | ’s"),
        ("I'm we've they'll you'd O'Neill's", "I | 'm | we | 've | they | 'll | you | 'd | O'Neill | 's"),
        ("See https://a.org/b?c=d#e, www.x.de.", "See | https://a.org/b?c=d#e | , | www.x.de | ."),
        ("(http://a.org/b)", "( | http://a.org/b | )"),
        ("Ask j.doe+x@mail.example.org.", "Ask | j.doe+x@mail.example.org | ."),
        ("@nikon #d90_rocks #1", "@nikon | #d90_rocks | #1"),
        ("3.5 of 1,200.50 at 10:30", "3.5 | of | 1,200.50 | at | 10:30"),
        ("50% of $5", "50 | % | of | $ | 5"),
        ("a\r\nb\tc\u00a0d\u200be\ufefff", "a | b | c | d | e | f"),
        ("Wait... what -- now…", "Wait | ... | what | -- | now | …"),
        ("The U.S. and e.g. Mr. Hall, Ph.D.", "The | U.S. | and | e.g. | Mr. | Hall | , | Ph | . | D | ."),
        ("No. 5 is good? No. Vol. 2.", "No. | 5 | is | good | ? | No | . | Vol. | 2 | ."),
        ("fine👍🏽👍 👩‍👩‍👧🇩🇪🇫🇷 1️⃣ 🏳️‍🌈!", "fine | 👍🏽 | 👍 | 👩‍👩‍👧 | 🇩🇪 | 🇫🇷 | 1️⃣ | 🏳️‍🌈 | !"),
        ("cafe\u0301 #cafe\u0301 na\u00efve", "cafe\u0301 | #cafe\u0301 | na\u00efve"),
        ("尼康D90很好。", "尼 | 康 | D90 | 很 | 好 | 。"),
        ("ニコンのＤ９０、３．５倍", "ニ | コ | ン | の | Ｄ９０ | 、 | ３．５ | 倍"),
        ("ｶﾞ々〆", "ｶﾞ | 々 | 〆"),
        ("น้ำดี", "น้ำ | ดี"),
        ("한국어 카메라", "한국어 | 카메라"),
        ("هل الكاميرا جيدة؟", "هل | الكاميرا | جيدة | ؟"),
        ("नमस्ते दुनिया।", "नमस्ते | दुनिया | ।"),
        ("soft\u00adhyphen ab\u200dc", "soft\u00adhyphen | ab\u200dc"),
        ("\u0600123 \u0600 x", "\u0600 | 123 | \u0600 | x"),
        ("", ""),
        (" \t\r\n\u00a0\x00", ""),
    ],
)
def test_words_are_what_a_labeller_would_mark(text: str, expected: str) -> None:
    assert words(text) == (expected.split(" | ") if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works. I like it! Do you?", ["It works .", "I like it !", "Do you ?"]),
        ('"Go." Then (it stops.) Now', ['" Go . "', "Then ( it stops . )", "Now"]),
        ("He said “Go.” Then left", ["He said “ Go . ”", "Then left"]),
        ("Dr. Hall paid 3.5 of U.S. Steel e.g. Nine", ["Dr. Hall paid 3.5 of U.S. Steel e.g. Nine"]),
        ("Good? No. I sent it back.", ["Good ?", "No .", "I sent it back ."]),
        ("Wait... what? Well... It works", ["Wait ... what ?", "Well ...", "It works"]),
        ("approx. ten, etc. and so on", ["approx. ten , etc. and so on"]),
        ("A title\r\n\r\nand a text\nThat goes\non", ["A title", "and a text", "That goes on"]),
        ("很好！我喜欢。“是吗？”他说３．５", ["很 好 ！", "我 喜 欢 。", "“ 是 吗 ？ ”", "他 说 ３．５"]),
        ("真的。！Next", ["真 的 。 ！", "Next"]),
        ("هل هي جيدة؟ نعم.", ["هل هي جيدة ؟", "نعم ."]),
        ("अच्छा है। हाँ", ["अच्छा है ।", "हाँ"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, expected: list[str]) -> None:
    assert [" ".join(part) for part in sentence_words(text)] == expected


def test_words_and_bounds_of_the_source_are_kept() -> None:
    own = Token(0, 2), Token(3, 4), Token(5, 6)
    document = Document("A. B c", tokens=own, sentence_bounds=((0, 1), (1, 1), (1, 3)))
    assert [sentence.words for sentence in sentences(document)] == [["A."], ["B", "c"]]


PATHOLOGICAL = [
    *".a@('_…!/#&-日ก🇩 \n\x00\ufe0f\u0301\u0600\u200d\u00ad\u094d",
    *("a-", "+-", "。.", "1.", "1,", "👩\u200d", "a1", "क\u094d", "\r\n", "a\n", "\u200b\n", '."', ".)"),
    *("ab.", "a.", "ab-.", "a@", "a@-", "a.@", "http://", "http://.", "www.", "www..", "n't", "an't", "'s", "a's"),
    *("no.", "No. ", "Mr.", "Mr. ", ". ", ". a", ". A", ".\u0301", "e\u0301", "é'", "--a", "日."),
]


def seconds(text: str) -> float:
    began = time.process_time()
    sentences(Document(text))
    return time.process_time() - began


BEGUN = [("http://", "."), ("a@", "b"), ("a", "@"), ("www", "."), ("👩", "\ufe0f"), ("क", "\u094d"), ("a", "'")]


@pytest.mark.parametrize(("start", "piece"), [*BEGUN, *(("", piece) for piece in PATHOLOGICAL)])
def test_time_is_linear_in_the_text(start: str, piece: str) -> None:
    before = 0.0
    for length in (10_000, 30_000, 100_000):
        taken = seconds(start + piece * (length // len(piece)))
        assert taken < 2 or taken < 5 * before, f"{length} characters took {taken} s of the processor"
        before = taken


ends = st.text(st.sampled_from("ab A.!?。…\n \t．1\"'"), max_size=30)


@given(ends)
def test_a_text_that_seems_to_be_one_sentence_is_divided_as_any_other(text: str) -> None:
    quickly = [sentence.words for sentence in sentences(Document(text))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tagloom.tokenize._perhaps_end_pattern", lambda: regex.compile(r"(?=)"))  # always, at once
        assert [sentence.words for sentence in sentences(Document(text))] == quickly
