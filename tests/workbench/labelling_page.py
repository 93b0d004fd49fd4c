"""The page of labelling in a browser, as somebody uses it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Locator, Page, Route, expect

Marked = list[tuple[str, str]]
"""The text and label of each span."""

_BOX = """([text, nth]) => {
  let left = nth;
  for (const block of document.querySelectorAll(".block")) {
    const whole = block.textContent;
    for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) {
      if (left-- > 0) continue;
      block.scrollIntoView({ block: "center" });
      const range = document.createRange();
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      let before = 0, begun = false;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (!begun && at < before + node.length) { range.setStart(node, at - before); begun = true; }
        if (at + text.length <= before + node.length) { range.setEnd(node, at + text.length - before); break; }
        before += node.length;
      }
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
      const first = boxes[0], last = boxes[boxes.length - 1];
      return { left: first.left, right: last.right, y: first.top + first.height / 2, endY: last.top + last.height / 2 };
    }
  }
  throw new Error("not in the text");
}"""


class LabellingPage:
    """The page at one document.

    Args:
        tab: of the browser.
        client: of somebody who sees the project, to look at what was saved.
        project: number.
    """

    def __init__(self, tab: Page, client: httpx.Client, project: int) -> None:
        self.tab, self.client, self.project = tab, client, project
        self.number = 0

    def open(self, number: int, query: str = "") -> "LabellingPage":
        """Opens a document."""
        self.number = number
        self.tab.goto(f"/projects/{self.project}/label/{number}{query}")
        return self.ready()

    def ready(self) -> "LabellingPage":
        """Waits until a document is shown."""
        expect(self.tab.locator(".block").first).to_be_attached()
        expect(self.tab.locator("#done-told")).not_to_be_empty()
        return self

    def press(self, *keys: str) -> "LabellingPage":
        """Presses keys, one after the other."""
        for key in keys:
            self.tab.keyboard.press(key)
        return self

    def box(self, text: str, nth: int = 0) -> dict[str, float]:
        """Where a part of the text is in the window."""
        found: dict[str, float] = self.tab.evaluate(_BOX, [text, nth])
        return found

    def drag(self, text: str, nth: int = 0, *, inset: float = 2) -> "LabellingPage":
        """Selects a part of the text with the mouse, from a little after its beginning to a little before its end."""
        box = self.box(text, nth)
        mouse = self.tab.mouse
        mouse.move(box["left"] + inset, box["y"])
        mouse.down()
        mouse.move((box["left"] + box["right"]) / 2, box["y"], steps=2)
        mouse.move(box["right"] - inset, box["endY"], steps=2)
        mouse.up()
        return self

    def click(self, text: str, nth: int = 0, *, button: Any = "left", times: int = 1) -> "LabellingPage":
        """Clicks in the middle of a part of the text."""
        box = self.box(text, nth)
        self.tab.mouse.click((box["left"] + box["right"]) / 2, box["y"], button=button, click_count=times)
        return self

    def tap(self, text: str, nth: int = 0) -> "LabellingPage":
        """Taps with a finger."""
        box = self.box(text, nth)
        self.tab.touchscreen.tap((box["left"] + box["right"]) / 2, box["y"])
        return self

    @property
    def menu(self) -> Locator:
        """The menu at a span."""
        return self.tab.get_by_role("dialog", name="Label")

    @property
    def told(self) -> Locator:
        """What was said to have been done."""
        return self.tab.locator("#told")

    @property
    def saving(self) -> Locator:
        """How saving goes."""
        return self.tab.locator("#saving")

    def marked(self) -> Marked:
        """The spans that are shown."""
        marks = self.tab.locator("mark.span").all()
        return [(mark.inner_text(), str(mark.get_attribute("data-label"))) for mark in marks]

    def suggested(self) -> Marked:
        """The suggestions that are shown."""
        marks = self.tab.locator("mark.suggestion").all()
        return [(mark.inner_text(), str(mark.get_attribute("data-label")).rstrip("?")) for mark in marks]

    def document(self, number: int = 0) -> dict[str, Any]:
        """What the server has."""
        answer = self.client.get(f"/api/projects/{self.project}/documents/{number or self.number}/labelling")
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def saved(self, number: int = 0) -> Marked:
        """The spans that the server has, once all is saved."""
        expect(self.saving).to_have_text("Saved")
        found = self.document(number)
        return [(found["text"][span["start"] : span["end"]], span["label"]) for span in found["labelling"]["spans"]]

    def state(self, number: int = 0) -> str:
        """How far the server says it is."""
        return str(self.document(number)["labelling"]["state"])

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Within the block nothing that is saved reaches the server."""
        self.tab.route("**/labelling", _no_saving)
        try:
            yield
        finally:
            self.tab.unroute("**/labelling", _no_saving)


def _no_saving(route: Route) -> None:
    if route.request.method == "PUT":
        route.abort("connectionrefused")
    else:
        route.continue_()
