import json

import pytest
from running import Running

from tagloom.inference.predictor import Predictor

TEXTS = [
    "My Nikon D90 has a bright viewfinder.",
    "📷 The EOS-5D's auto focus 👍🏽 never hunts, naïve as I am.",
    "日本 の カメラ",
    "",
    "  \n\t ",
    "a\x00b \u202e c",
]


def expected(predictor: Predictor, text: str) -> list[tuple[str, str, int, int, float]]:
    return [
        (text[span.start : span.end], span.label, span.start, span.end, round(span.score or 0, 4))
        for span in predictor(text)
    ]


def found(document: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
    return [
        tuple(entity[name] for name in ("text", "label", "start", "end", "score")) for entity in document["entities"]
    ]


def test_the_api_finds_what_the_predictor_finds(server: Running, predictor: Predictor) -> None:
    answer = server.predict(*TEXTS).json()
    assert [found(document) for document in answer["documents"]] == [expected(predictor, text) for text in TEXTS]
    assert any(expected(predictor, text) for text in TEXTS)
    assert (answer["model"], answer["version"]) == ("production", "1")
    assert [document["id"] for document in answer["documents"]] == ["0", "1", "2", "3", "4", "5"]
    assert [bool(document["warnings"]) for document in answer["documents"]] == [False, False, False, True, True, False]


@pytest.mark.parametrize(
    ("unit", "encoded"),
    [
        ("codepoint", lambda text: text),
        ("utf16", lambda text: text.encode("utf-16-le")[::2] and text.encode("utf-16-le")),
        ("byte", lambda text: text.encode()),
    ],
)
def test_offsets_count_what_was_asked_for(server: Running, unit: str, encoded: object) -> None:
    text = TEXTS[1]
    (document,) = server.predict(text, offsets=unit).json()["documents"]
    assert document["entities"]
    whole = encoded(text)  # type: ignore[operator]
    step = 2 if unit == "utf16" else 1
    for entity in document["entities"]:
        assert whole[step * entity["start"] : step * entity["end"]] == encoded(entity["text"])  # type: ignore[operator]


def test_entities_below_the_threshold_are_left_out(server: Running) -> None:
    (all_of_them,) = server.predict(TEXTS[1]).json()["documents"]
    scores = sorted(entity["score"] for entity in all_of_them["entities"])
    (sure,) = server.predict(TEXTS[1], threshold=scores[-1]).json()["documents"]
    assert [entity for entity in all_of_them["entities"] if entity["score"] >= scores[-1]] == sure["entities"]
    assert len(sure["entities"]) < len(scores)


def test_no_documents_give_none(server: Running) -> None:
    assert server.predict().json()["documents"] == []


def test_ids_are_kept(server: Running) -> None:
    with server.client() as client:
        body = {"documents": [{"id": "b", "text": "x"}, {"text": "y"}, {"id": "b", "text": "z"}]}
        answer = client.post("/v1/models/production/predict", json=body).json()
    assert [document["id"] for document in answer["documents"]] == ["b", "1", "b"]


def test_a_long_text_is_read_whole(server: Running, predictor: Predictor) -> None:
    text = "My Nikon D90 has a bright viewfinder , though slow at first " * 300
    (document,) = server.predict(text).json()["documents"]
    assert found(document) == expected(predictor, text)


def test_every_answer_has_the_id_of_its_request(server: Running) -> None:
    with server.client() as client:
        given = client.get("/health/live", headers={"X-Request-ID": "mine-1"})
        made = [client.get("/health/live", headers={"X-Request-ID": bad}) for bad in ("", "a b", "x" * 65, "<script>")]
    assert given.headers["x-request-id"] == "mine-1"
    assert len({answer.headers["x-request-id"] for answer in made}) == len(made)
    answer = server.predict("x")
    assert answer.headers["x-request-id"] == answer.json()["request_id"]


def test_slots_that_are_not_there_are_told(server: Running) -> None:
    answer = server.predict("x", slot="nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:tagloom:problem:no-such-slot"


def test_answers_are_json_in_utf_8(server: Running) -> None:
    answer = server.predict(TEXTS[1])
    assert answer.headers["content-type"] == "application/json"
    assert json.loads(answer.content.decode("utf-8")) == answer.json()
