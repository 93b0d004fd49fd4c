"""The page at `/docs`: what it says against what the server does, and itself in headless Chromium."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import Running, running

from chromium import find_chromium
from devtools import Tab, opened
from tagloom.serving.documentation.formats import REQUESTS, formats
from tagloom.serving.documentation.page import FILES
from tagloom.serving.problems import KINDS
from tagloom.serving.snippets import TEXT, snippets

PREDICT = "#post-v1-models-slot-predict"
HOSTILE = '<img src=x onerror="document.title=1"></textarea><script>document.title=2</script>&amp;{{ 7*7 }}'

SEND = """
const form = document.querySelector("%s form");
const answered = async () => { await until(() => /^\\d|^No/.test(form.querySelector("output").textContent)); };
const send = async (body) => {
  form.querySelector("output").textContent = "";
  if (body) form.querySelector(".body").value = JSON.stringify(body);
  form.requestSubmit();
  await answered();
  return form.querySelector("output").textContent;
};
"""

CONTRASTS = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const over = (layers) => {
  canvas.clearRect(0, 0, 1, 1);
  for (const layer of layers) { canvas.fillStyle = layer; canvas.fillRect(0, 0, 1, 1); }
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const light = (colour) => {
  const linear = (share) => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  const [red, green, blue] = colour.map((value) => linear(value / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const behind = (place) => place ? [...behind(place.parentElement), getComputedStyle(place).backgroundColor] : [];
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const place = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !place.checkVisibility()) continue;
  const layers = behind(place);
  const both = [light(over(layers)), light(over([...layers, getComputedStyle(place).color]))].sort((a, b) => b - a);
  const contrast = (both[0] + 0.05) / (both[1] + 0.05);
  if (contrast < 4.5) found.push([place.tagName, place.className, walker.currentNode.textContent.trim(), contrast]);
}
return found;
"""


@pytest.fixture(scope="module")
def api(server: Running) -> Any:
    """What the server says of itself to programs."""
    with server.client() as client:
        return client.get("/openapi.json").json()


@pytest.fixture(scope="module")
def page(server: Running) -> httpx.Response:
    with server.client() as client:
        return client.get("/docs")


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium is installed; `apt-get install chromium` brings one")
    with opened(program, tmp_path / "profile") as made:
        yield made


def called(api: Any) -> list[tuple[str, str, Any]]:
    return [(method, path, each) for path, by_method in api["paths"].items() for method, each in by_method.items()]


def test_every_operation_is_on_the_page(api: Any, page: httpx.Response) -> None:
    shown = re.findall(r'data-method="(\w+)" data-path="([^"]+)"', page.text)
    assert shown == [(method.upper(), path) for method, path, _ in called(api)]
    for _, _, each in called(api):
        assert f'<span class="summary">{each["summary"]}</span>' in page.text


def test_operations_say_which_key_they_need(api: Any) -> None:
    needed = {f"{method} {path}": each["security"] for method, path, each in called(api)}
    assert needed["post /v1/models/{slot}/predict"] == [{"key": ["predict"]}]
    assert needed["delete /v1/models/{slot}"] == [{"key": ["admin"]}]
    assert needed["get /health/live"] == needed["get /docs"] == []


def test_errors_are_documented_as_they_are_answered(api: Any) -> None:
    text = json.dumps(api)
    assert "HTTPValidationError" not in text
    assert "Successful Response" not in text
    for _, _, each in called(api):
        for status, answer in each["responses"].items():
            assert (int(status) < 400) is ("application/problem+json" not in answer.get("content", {}))
            assert answer["description"]


def test_references_lead_somewhere(api: Any) -> None:
    names = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(api)))
    assert names
    assert names <= set(api["components"]["schemas"])


def test_every_problem_is_on_the_page(page: httpx.Response) -> None:
    for kind, each in KINDS.items():
        assert re.search(rf">{each.status}</td><th[^>]*><code>{kind}</code></th>", page.text)


def test_the_page_is_held_to_a_strict_policy(page: httpx.Response) -> None:
    policy = dict(each.strip().split(" ", 1) for each in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert not re.search(r"<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:|https?://(?!127\.0\.0\.1)", page.text)


def test_the_files_of_the_page_are_those_of_a_fixed_table(server: Running) -> None:
    with server.client() as client:
        for name, (_, media_type) in FILES.items():
            answer = client.get(f"/docs/{name}")
            assert answer.headers["content-type"].partition(";")[0] == media_type
            assert answer.headers["x-content-type-options"] == "nosniff"
        for name in ("page.py", "docs.html", "..%2fpage.py", "%2e%2e/page.py", "%00", "docs.js/", "../app.py"):
            assert client.get(f"/docs/{name}").status_code in (404, 307), name


def test_what_is_deployed_is_not_told(model: Path, tmp_path: Path) -> None:
    with running(tmp_path / "state", f"only-for-us={model}") as server, server.client() as client:
        assert "only-for-us" in client.get("/v1/models").text
        assert "only-for-us" not in client.get("/docs").text + client.get("/openapi.json").text


@pytest.mark.parametrize("host", ["localhost:80;reboot", "$(reboot)@localhost", "localhost:80'\"<b>", ""])
def test_a_host_that_is_no_name_gets_into_no_command(server: Running, host: str) -> None:
    with server.client() as client:
        text = client.get("/docs", headers={"Host": host}).text
    assert "reboot" not in text
    assert "<b>" not in text


def test_the_snippets_name_the_address_that_was_asked(server: Running) -> None:
    with server.client() as client:
        text = client.get("/docs", headers={"Host": f"localhost:{server.port}"}).text
    assert f"curl http://localhost:{server.port}/v1/models/production/predict" in text


# Examples


def test_every_example_is_answered(server: Running, api: Any) -> None:
    num_examples = 0
    for method, path, each in called(api):
        for media_type, content in each.get("requestBody", {}).get("content", {}).items():
            for example in content.get("examples", {}).values():
                value = example["value"]
                body = value if isinstance(value, str) else json.dumps(value)
                with server.client() as client:
                    url = path.replace("{slot}", "production")
                    answer = client.request(method, url, content=body, headers={"Content-Type": media_type})
                assert answer.status_code == 200, (path, answer.text)
                num_examples += 1
    assert num_examples >= 4


def keys_of(value: Any) -> Any:
    """Which fields there are, lists by their first entry."""
    if isinstance(value, dict):
        return {name: keys_of(each) for name, each in value.items()}
    return [keys_of(each) for each in value[:1]] if isinstance(value, list) else type(value).__name__


@pytest.mark.parametrize("each", formats(), ids=[*REQUESTS])
def test_formats_are_shown_as_they_are_answered(server: Running, each: Any) -> None:
    with server.client() as client:
        url = f"/v1/models/production/predict?format={each.request.format}"
        answer = client.post(url, content=each.request.text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    assert keys_of(answer.json()) == keys_of(json.loads(each.answer))


def told_by(command: list[str], key: str) -> str:
    environment = {**os.environ, "TAGLOOM_KEY": key}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def commands(text: str) -> dict[str, list[str]]:
    """How each snippet is run."""
    return {
        "curl": ["bash", "-c", text.replace("curl ", "curl -s --fail-with-body ", 1)],
        "JavaScript": ["node", "--input-type=module", "-e", text],
        "Python": [sys.executable, "-c", text],
    }


def expect_installed(language: str) -> None:
    program = {"curl": "curl", "JavaScript": "node", "Python": sys.executable}[language]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} is installed")
    if language == "Python" and find_spec("tagloom.serving.client") is None:
        pytest.skip("there is no tagloom.serving.client yet")


@pytest.mark.parametrize("language", ["curl", "JavaScript", "Python"])
@pytest.mark.parametrize("text", [TEXT, 'It\'s a "D90" for $5 & `more` \\n 📷 ${x}'])
def test_the_snippets_run(administered: tuple[Running, str], language: str, text: str) -> None:
    expect_installed(language)
    server, key = administered
    told = told_by(commands(snippets(server.address, "production", text)[language])[language], key)
    (document,) = server.predict(text, key=key).json()["documents"]
    if language == "curl":
        assert json.loads(told)["documents"] == [document]
    else:
        assert [line.split()[0] for line in told.splitlines()] == [each["label"] for each in document["entities"]]


@pytest.mark.parametrize("language", ["curl", "JavaScript", "Python"])
def test_the_snippets_run_where_no_key_is_needed(server: Running, language: str) -> None:
    expect_installed(language)
    assert told_by(commands(snippets(server.address, "production")[language])[language], "")


# In Chromium


def test_the_page_asks_nothing_of_others_and_its_console_is_silent(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    told = tab.run('return [...document.querySelectorAll("form")].map((form) => form.hidden);')
    assert told
    assert not any(told)
    assert {httpx.URL(url).port for url in tab.asked} == {server.port}
    assert {f"{server.address}/docs/{name}" for name in FILES} - {*tab.asked} <= {f"{server.address}/docs/icon.svg"}
    assert tab.complaints == []


def test_the_policy_holds(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    told = tab.run(
        """
        const refused = [];
        addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
        const refusal = (write) => { try { write(); return "done"; } catch { return "refused"; } };
        const style = document.createElement("style");
        style.append("body { display: none }");
        const frame = document.createElement("iframe");
        frame.src = "https://example.org/";
        const image = document.createElement("img");
        image.src = "https://example.org/icon.svg";
        document.body.append(style, frame, image);
        const told = [
          document.title,
          getComputedStyle(document.body).display,
          await fetch("http://127.0.0.2:9/").then(() => "done", () => "refused"),
          refusal(() => { document.body.innerHTML = "<b>"; }),
          refusal(() => { image.setAttribute("onerror", "document.title = 'run'"); }),
        ];
        await until(() => refused.length >= 5);
        return [...told, refused];
        """
    )
    assert told[0].startswith("Tagloom")
    assert told[1:5] == ["block", "refused", "refused", "refused"]
    assert {*told[5]} == {"connect-src", "frame-src", "img-src", "require-trusted-types-for", "style-src-elem"}


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
def test_trying_it_marks_what_was_found(server: Running, tab: Tab, unit: str) -> None:
    texts = ["📷 The EOS-5D's auto focus 👍🏽 never hunts, naïve as I am.", "日本 の カメラ", ""]
    body = {"documents": [{"text": text} for text in texts], "offsets": unit}
    tab.open(f"{server.address}/docs")
    script = f"""
    const status = await send({json.dumps(body)});
    const words = [...form.querySelectorAll(".found p")];
    const marks = words.map((text) => [...text.querySelectorAll("mark")].map((mark) => mark.firstChild.data));
    form.querySelectorAll(".tag").forEach((tag) => {{ tag.previousSibling.remove(); tag.remove(); }});
    return [status, words.map((text) => text.textContent), marks, form.querySelector(".answer").textContent];
    """
    status, words, marks, answer = tab.run(SEND % PREDICT + script)
    assert re.fullmatch(r"200 OK, \d+ ms", status)
    documents = server.predict(*texts, offsets=unit).json()["documents"]
    assert words == texts
    assert marks == [[entity["text"] for entity in document["entities"]] for document in documents]
    assert any(marks)
    assert json.loads(answer)["documents"] == documents
    assert tab.complaints == []


def test_every_box_sends_what_stands_in_it(server: Running, tab: Tab, api: Any) -> None:
    tab.open(f"{server.address}/docs")
    told = tab.run(
        """
        const told = {};
        for (const form of document.querySelectorAll("form:not([data-scope=admin])")) {
          form.requestSubmit();
          await until(() => /^\\d|^No/.test(form.querySelector("output").textContent));
          told[form.dataset.method.toLowerCase() + " " + form.dataset.path] = form.querySelector("output").textContent;
        }
        return told;
        """
    )
    admin = {f"{method} {path}" for method, path, each in called(api) if each["security"] == [{"key": ["admin"]}]}
    assert {*told} == {f"{method} {path}" for method, path, _ in called(api)} - admin
    assert admin
    assert {status[:3] for status in told.values()} == {"200"}


def test_an_example_brings_its_format(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    script = """
    const told = [];
    for (const name of [...form.querySelector("[name=format]").options].map((option) => option.value)) {
      const choice = form.querySelector(".example");
      choice.value = [...choice.options].find((option) => option.dataset.format === name).value;
      choice.dispatchEvent(new Event("change"));
      const status = await send();
      const answer = JSON.parse(form.querySelector(".answer").textContent);
      told.push([form.querySelector("[name=format]").value, status, answer]);
    }
    return told;
    """
    told = tab.run(SEND % PREDICT + script)
    assert [name for name, _, _ in told] == [*REQUESTS]
    assert {status[:3] for _, status, _ in told} == {"200"}
    assert [keys_of(answer) for _, _, answer in told] == [keys_of(json.loads(each.answer)) for each in formats()]


def test_what_goes_wrong_is_shown(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    script = """
    const told = [await send({ documents: 1 }), JSON.parse(form.querySelector(".answer").textContent).type];
    form.querySelector("[name=slot]").value = "../no where?";
    told.push(await send(), JSON.parse(form.querySelector(".answer").textContent).type);
    form.querySelector(".key").value = "日本";
    told.push(await send());
    return told;
    """
    told = tab.run(SEND % PREDICT + script)
    assert told[0].startswith("422")
    assert told[1] == "urn:tagloom:problem:wrong-fields"
    assert told[2].startswith("404")
    assert told[4].startswith("No answer")


def test_hostile_texts_do_nothing(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    script = f"""
    const count = () => document.querySelectorAll("img, script").length;
    const before = count();
    const status = await send({{ documents: [{{ id: {json.dumps(HOSTILE)}, text: {json.dumps(HOSTILE)} }}] }});
    return [status, document.title, count() - before, form.querySelector(".found").textContent];
    """
    status, title, num_more, shown = tab.run(SEND % PREDICT + script.replace("</script>", "<\\/script>"))
    assert status.startswith("200")
    assert title.startswith("Tagloom")
    assert num_more == 0
    assert "onerror" in shown
    assert tab.complaints == []


def test_a_key_is_kept_in_the_page_alone(administered: tuple[Running, str], tab: Tab) -> None:
    server, token = administered
    tab.open(f"{server.address}/docs")
    script = f"""
    const told = [await send()];
    form.querySelector(".key").value = {json.dumps(token)};
    form.querySelector(".key").dispatchEvent(new Event("input", {{ bubbles: true }}));
    told.push(await send(), new Set([...document.querySelectorAll(".key")].map((field) => field.value)).size);
    told.push(localStorage.length + sessionStorage.length + document.cookie.length, location.href);
    return told;
    """
    told = tab.run(SEND % PREDICT + script)
    assert told[0].startswith("401")
    assert told[1].startswith("200")
    assert told[2:] == [1, 0, f"{server.address}/docs"]
    assert not any(token in url for url in tab.asked)
    tab.open(f"{server.address}/docs?")
    assert tab.run('return document.querySelector(".key").value;') == ""


def test_what_changes_the_server_is_asked_about_first(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    told = tab.run(
        """
        const asked = [];
        window.confirm = (question) => { asked.push(question); return false; };
        for (const form of document.querySelectorAll("form[data-scope=admin]")) {
          form.querySelectorAll("[type=file]").forEach((field) => { field.required = false; });
          form.requestSubmit();
        }
        return asked;
        """
    )
    assert [question.split()[0] for question in told] == ["PUT", "DELETE", "POST"]
    assert not any("/v1/" in url for url in tab.asked)


def test_a_model_is_deployed_from_the_page(
    administered: tuple[Running, str], packed_model: bytes, tmp_path: Path, tab: Tab
) -> None:
    server, token = administered
    (tmp_path / "larger.loom").write_bytes(packed_model)
    tab.open(f"{server.address}/docs")
    tab.choose_file("#put-v1-models-slot .file", tmp_path / "larger.loom")
    script = f"""
    window.confirm = () => true;
    form.querySelector(".key").value = {json.dumps(token)};
    form.querySelector("[name=slot]").value = "staging";
    return [await send(), JSON.parse(form.querySelector(".answer").textContent).slot];
    """
    status, slot = tab.run(SEND % "#put-v1-models-slot" + script)
    assert status.startswith("200")
    assert slot == "staging"


def test_it_is_used_by_keyboard_alone(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    tab.run(f'document.querySelector("{PREDICT} > summary").focus();')
    tab.press("Enter", 13)
    assert tab.run(f'return document.querySelector("{PREDICT}").open;')
    names = []
    for _ in range(30):
        tab.press("Tab", 9)
        names.append(tab.run("const at = document.activeElement; return at.className || at.name || at.type;"))
        if names[-1] == "submit":
            break
    assert [name for name in names if name in ("slot", "format", "key", "example", "body", "submit")] == [
        *("slot", "format", "key", "example", "body", "submit")
    ]
    tab.press("Enter", 13)
    assert tab.run(SEND % PREDICT + 'await answered(); return form.querySelector("output").textContent;').startswith(
        "200"
    )


def test_every_control_has_a_name(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    tab.run('document.querySelectorAll("details").forEach((each) => { each.open = true; });')
    nodes = [node for node in tab.call("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    controls = [node for node in nodes if node["role"]["value"] in ("button", "textbox", "combobox", "form", "link")]
    assert len(controls) > 50
    assert all(node["name"]["value"].strip() for node in controls)
    assert sum(node["role"]["value"] == "heading" for node in nodes) > 10


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("width", [390, 1200])
def test_it_is_legible_and_fits(server: Running, tab: Tab, width: int, is_dark: bool) -> None:
    tab.look(width=width, is_dark=is_dark)
    tab.open(f"{server.address}/docs")
    tab.run('document.querySelectorAll("details").forEach((each) => { each.open = true; });')
    tab.run(SEND % PREDICT + "await send();")
    assert tab.run(CONTRASTS) == []
    assert tab.run("return document.documentElement.scrollWidth;") <= width


def test_an_address_of_an_operation_opens_it(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs#get-metrics")
    assert tab.run('return document.querySelector("#get-metrics").open;')
    tab.run(f'location.hash = "{PREDICT}"; await until(() => document.querySelector("{PREDICT}").open);')


def test_snippets_are_copied(server: Running, tab: Tab) -> None:
    tab.open(f"{server.address}/docs")
    told = tab.run(
        """
        let copied;
        navigator.clipboard.writeText = async (text) => { copied = text; };
        const buttons = [...document.querySelectorAll(".snippets .copy")];
        const told = [];
        for (const button of buttons) {
          button.click();
          told.push(copied);
          await until(() => button.textContent === "Copied");
        }
        return told;
        """
    )
    assert told == [*snippets(server.address, "production").values()]
