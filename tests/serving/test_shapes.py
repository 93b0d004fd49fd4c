import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import Running

from tagloom.serving.answers.offsets import Unit, converted

TEXT = "📷 My Nikon D90 has a bright viewfinder."
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(texts, st.lists(st.integers(0, 40), max_size=6))
def test_offsets_are_the_lengths_of_what_lies_before(text: str, offsets: list[int]) -> None:
    offsets = [min(offset, len(text)) for offset in offsets]
    utf16, byte = converted(text, offsets, Unit.utf16), converted(text, offsets, Unit.byte)
    for offset in offsets:
        assert utf16[offset] == len(text[:offset].encode("utf-16-le")) // 2
        assert byte[offset] == len(text[:offset].encode())
    assert converted(text, offsets, Unit.codepoint) == {offset: offset for offset in offsets}


def asked(server: Running, format_name: str, body: dict[str, Any]) -> Any:
    with server.client() as client:
        answer = client.post(f"/v1/models/production/predict?format={format_name}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def own(server: Running, *texts: str) -> list[list[dict[str, Any]]]:
    return [document["entities"] for document in server.predict(*texts).json()["documents"]]


def test_hugging_face(server: Running) -> None:
    (entities,) = own(server, TEXT)
    assert entities
    expected = [
        {"entity_group": each["label"], "score": each["score"], "word": each["text"], "start": each["start"],
         "end": each["end"]}
        for each in entities
    ]  # fmt: skip
    assert asked(server, "huggingface", {"inputs": TEXT}) == expected
    assert asked(server, "huggingface", {"documents": [{"text": TEXT}]}) == expected
    assert asked(server, "huggingface", {"inputs": [TEXT, ""], "parameters": {"a": 1}}) == [expected, []]
    assert asked(server, "huggingface", {"inputs": [TEXT]}) == [expected]


def test_azure(server: Running) -> None:
    (entities,) = own(server, TEXT)
    body = {"documents": [{"id": "one", "language": "en", "text": TEXT}]}
    (document,) = asked(server, "azure", body)["results"]["documents"]
    assert document["id"] == "one"
    assert document["warnings"] == []
    assert document["entities"] == [
        {"text": each["text"], "category": each["label"], "offset": each["start"],
         "length": each["end"] - each["start"], "confidenceScore": each["score"]}
        for each in entities
    ]  # fmt: skip
    assert asked(server, "azure", body)["results"]["errors"] == []


def test_aws(server: Running) -> None:
    (entities,) = own(server, TEXT)
    expected = [
        {"BeginOffset": each["start"], "EndOffset": each["end"], "Score": each["score"], "Text": each["text"],
         "Type": each["label"]}
        for each in entities
    ]  # fmt: skip
    assert asked(server, "aws", {"Text": TEXT, "LanguageCode": "en"}) == {"Entities": expected}
    for texts in ([TEXT, "x"], [TEXT]):
        answer = asked(server, "aws", {"TextList": texts})
        assert answer["ResultList"][0] == {"Index": 0, "Entities": expected}
        assert len(answer["ResultList"]) == len(texts)


def test_spacy(server: Running) -> None:
    (entities,) = own(server, TEXT)
    ents = [{"start": each["start"], "end": each["end"], "label": each["label"]} for each in entities]
    assert asked(server, "spacy", {"text": TEXT}) == {"text": TEXT, "ents": ents}
    assert len(asked(server, "spacy", {"documents": [{"text": TEXT}, {"text": "x"}]})) == 2


def test_label_studio(server: Running) -> None:
    (entities,) = own(server, TEXT)
    body = {"tasks": [{"id": 5, "data": {"text": TEXT}, "annotations": []}], "label_config": "<View/>"}
    (prediction,) = asked(server, "label-studio", body)["results"]
    assert prediction["model_version"] == "1"
    assert 0 < prediction["score"] <= 1
    assert [each["value"] for each in prediction["result"]] == [
        {"start": each["start"], "end": each["end"], "text": each["text"], "labels": [each["label"]]}
        for each in entities
    ]
    assert {each["type"] for each in prediction["result"]} == {"labels"}


def test_label_studio_reads_what_it_is_answered(server: Running) -> None:
    """Our own reader of Label Studio's files is one client: predictions are read as spans."""
    body = {"tasks": [{"data": {"text": TEXT}}]}
    (prediction,) = asked(server, "label-studio", body)["results"]
    for each in prediction["result"]:
        value = each["value"]
        assert TEXT[value["start"] : value["end"]] == value["text"]


@pytest.mark.parametrize(
    ("format_name", "body"),
    [
        ("tagloom", {"inputs": TEXT}),
        ("huggingface", {"Text": TEXT}),
        ("azure", {"documents": [{"text": 5}]}),
        ("aws", {"Text": ["a"]}),
        ("spacy", {}),
        ("label-studio", {"tasks": [{"data": {"title": "x"}}]}),
    ],
)
def test_what_is_of_no_known_form_is_told(server: Running, format_name: str, body: dict[str, Any]) -> None:
    with server.client() as client:
        answer = client.post(f"/v1/models/production/predict?format={format_name}", json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:tagloom:problem:wrong-fields")
    assert answer.json()["errors"]


def test_a_format_that_is_none_is_told(server: Running) -> None:
    with server.client() as client:
        answer = client.post("/v1/models/production/predict?format=x", json={"documents": []})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:tagloom:problem:wrong-parameter")
    assert "huggingface" in answer.json()["detail"]


def test_the_open_inference_protocol(server: Running) -> None:
    (entities, none) = own(server, TEXT, "")
    body = {
        "id": "mine",
        "inputs": [{"name": "text", "shape": [2], "datatype": "BYTES", "data": [TEXT, ""]}],
        "parameters": {"offsets": "codepoint", "binary_data_output": False},
    }
    with server.client() as client:
        answer = client.post("/v2/models/production/infer", json=body).json()
        wrong = client.post(
            "/v2/models/production/infer", json=body | {"inputs": [{**body["inputs"][0], "shape": [3]}]}
        )
        metadata = client.get("/v2/models/production").json()
        states = [client.get(path).json() for path in ("/v2", "/v2/health/live", "/v2/health/ready")]
        ready = client.get("/v2/models/production/ready").json()
        nowhere = client.get("/v2/models/nowhere/ready")
    (output,) = answer["outputs"]
    assert (answer["id"], answer["model_name"], answer["model_version"]) == ("mine", "production", "1")
    assert (output["shape"], output["datatype"], output["name"]) == ([2], "BYTES", "entities")
    assert [json.loads(text) for text in output["data"]] == [entities, none]
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/inputs/0/shape")
    assert metadata["inputs"] == [{"name": "text", "datatype": "BYTES", "shape": [-1]}]
    assert (states[0]["name"], states[1], states[2]) == ("tagloom", {"live": True}, {"ready": True})
    assert (ready, nowhere.status_code) == ({"name": "production", "ready": True}, 404)
