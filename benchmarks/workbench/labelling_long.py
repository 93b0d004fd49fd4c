"""How soon a key shows what it does in a long document.

    PYTHONPATH=tests:tests/workbench python benchmarks/workbench/labelling_long.py

A document of 20,000 words with 1,000 spans in headless Chromium: from a press to the end of the frame that shows what
it did, over keys that move, label, undo, do again and take away, at places all over the text. Once with a paragraph a
sentence or two, once in a single paragraph.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from labelled_projects import add
from playwright.sync_api import Page, sync_playwright
from prepared import WORDS, Prepared, prepare, running

from chromium import find_chromium
from tagloom.text import Document, Span
from tagloom.workbench.database.store import Store

KEYS = {
    "move": "ArrowRight",
    "widen": "Shift+ArrowRight",
    "label": "2",
    "undo": "Control+z",
    "redo": "Control+Shift+z",
    "next span": "Tab",
    "delete": "Backspace",
    "line down": "ArrowDown",
}
MEASURING = """
globalThis.times = [];
addEventListener("keydown", (event) => {
  if (["Control", "Shift", "Alt"].includes(event.key)) return;
  const begun = event.timeStamp;
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => globalThis.times.push(performance.now() - begun);
    channel.port2.postMessage(null);
  });
}, true);
"""
TAKING = """() => new Promise((done) => {
  const look = () => { if (times.length) done(times.splice(0)); else setTimeout(look, 5); };
  look();
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--spans", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=25)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Path(folder) / "data", 0)
        numbers = _add(prepared, options)
        with running(prepared) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(base_url=server.address, viewport={"width": 1280, "height": 900})
            with server.logged_in("Ada") as client:
                cookie = {"name": "tagloom_session", "value": client.cookies["tagloom_session"], "url": server.address}
            context.add_cookies([cookie])
            for kind, number in zip(("many paragraphs", "one paragraph"), numbers, strict=True):
                page = context.new_page()
                _measure(page, f"/projects/{prepared.project}/label/{number}", kind, options.rounds)
                page.close()


def _add(prepared: Prepared, options: argparse.Namespace) -> list[int]:
    """The two documents, of the same words."""
    store = Store(prepared.folder)
    documents = [_document(options.words, options.spans, between) for between in ("\n\n", " ")]
    numbers = add(store, prepared.project, documents)
    store.close()
    return numbers


def _document(num_words: int, num_spans: int, between: str) -> Document:
    text, spans, every = "", [], num_words // num_spans
    for number in range(num_words):
        word = WORDS[number % len(WORDS)]
        if number % every == 3:
            spans.append(Span(len(text), len(text) + len(word), "PNAME"))
        text += word + (between if word == "." and number % 3 == 0 else " ")
    return Document(text, tuple(spans))


def _measure(page: Page, address: str, kind: str, rounds: int) -> None:
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".block mark")
    print(f"{kind}: shown after {1e3 * (time.perf_counter() - start):,.0f} ms")
    page.evaluate(MEASURING)
    times: dict[str, list[float]] = {name: [] for name in KEYS}
    for number in range(rounds):
        _go_to(page, (number * 7919) % rounds / rounds)
        for name, key in KEYS.items():
            page.keyboard.press(key)
            times[name] += page.evaluate(TAKING)
    every = [each for own in times.values() for each in own]
    for name, own in [*times.items(), ("all keys", every)]:
        print(f"  {name:10} median {statistics.median(own):5.1f} ms, most {max(own):5.1f} ms  ({len(own)})")
    page.wait_for_selector("#saving[data-kind=saved]")


def _go_to(page: Page, share: float) -> None:
    """Scrolls to some place of the text, and puts the caret there."""
    place: Any = page.evaluate(
        """(share) => {
          const blocks = [...document.querySelectorAll(".block")].filter((block) => block.textContent);
          const block = blocks[Math.floor(share * blocks.length)];
          block.scrollIntoView({ block: "center" });
          return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            const box = block.getBoundingClientRect();
            done({ x: box.x + 60, y: Math.max(120, box.y + 16) });
          })));
        }""",
        share,
    )
    page.mouse.click(place["x"], place["y"])
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    page.evaluate("times.length = 0")


if __name__ == "__main__":
    main()
