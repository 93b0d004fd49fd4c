"""What a new user does in a browser, a step a function: each goes on where the one before it ended."""

import os
from dataclasses import dataclass
from pathlib import Path

from accessibility import barriers
from playwright.sync_api import Page, expect

from tagloom.data.dataset import Dataset
from tagloom.data.packaged import camera_reviews
from tagloom.data.writing import write
from tagloom.text import Document, Span
from tagloom.tokenize import tokens

PICTURES = "TAGLOOM_PICTURES"
"""The variable that names a folder for pictures of what is seen on the way."""

_PLACE_OF_SPAN = """
([text, start, end]) => {
  const letters = [...text];
  const [first, last] = [letters.slice(0, start).join("").length, letters.slice(0, end).join("").length];
  const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.data.length;
    if (first >= passed && first < passed + own) range.setStart(node, first - passed);
    if (last > passed && last <= passed + own) { range.setEnd(node, last - passed); break; }
    passed += own;
  }
  const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
  const [from, to] = [boxes[0], boxes[boxes.length - 1]];
  return [from.left + 2, from.top + from.height / 2, to.right - 2, to.top + to.height / 2].map(Math.round);
}
"""


@dataclass
class Reviews:
    """The packaged camera reviews, as files that somebody would bring.

    Args:
        labelled: two files, sentences and their tags.
        bare: a file with a sentence a line that nobody has labelled.
        gold: what a person would label in each of these.
    """

    labelled: tuple[Path, Path]
    bare: Path
    gold: dict[str, tuple[Span, ...]]

    @classmethod
    def made(cls, folder: Path, *, num_labelled: int, num_bare: int) -> "Reviews":
        documents = [each for each in camera_reviews().train.documents if each.spans]
        labelled = Dataset(tuple(documents[:num_labelled]))
        paths = folder / "reviews.sentences.txt", folder / "reviews.tags.txt"
        write(labelled, *paths, format="two_files")
        bare = _different(documents[num_labelled:], {each.text for each in labelled.documents})[:num_bare]
        file = folder / "to label.txt"
        file.write_text("".join(f"{document.text}\n" for document in bare), encoding="utf-8")
        return cls(paths, file, {document.text: document.spans for document in bare})


class Story:
    """A person at a browser.

    Args:
        page: that they look at.
        reviews: that they bring.
    """

    def __init__(self, page: Page, reviews: Reviews) -> None:
        self.page, self.reviews = page, reviews
        self._pictures = os.environ.get(PICTURES)

    @property
    def project(self) -> str:
        """The path of the project that is open."""
        return "/".join(self.page.url.split("/")[3:5])

    def go(self, tab: str) -> None:
        self.page.get_by_role("navigation").get_by_role("link", name=tab, exact=True).click()

    def make_account(self, link: str, name: str, password: str) -> None:
        self.page.goto(link)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_label("The same again").fill(password)
        self.look("invitation")
        self.page.get_by_role("button", name="Make the account").click()
        expect(self.page.get_by_role("heading", name="Projects")).to_be_visible()

    def make_project(self, name: str) -> None:
        self.page.get_by_role("link", name="Make the first one").click()
        self.page.get_by_role("textbox", name="Name").fill(name)
        self.page.get_by_text("Camera reviews", exact=True).click()
        self.look("new-project")
        self.page.get_by_role("button", name="Make the project").click()
        expect(self.page.get_by_role("heading", name="There are no documents yet")).to_be_visible()

    def import_files(self, *paths: Path) -> None:
        opener = self.page.locator("[data-opens=import]:visible").first
        opener.click()
        self.page.locator("#files").set_input_files(list(paths))
        self.look("import")
        self.page.locator("#import-form").get_by_role("button", name="Import", exact=True).click()

    def label(self, count: int) -> None:
        """Labels as many documents as are asked for, one with the mouse, one with the keyboard, and so on."""
        self.go("Label")
        for number in range(count):
            text = self.shown_text()
            for span in self.reviews.gold[text]:
                (self._label_with_mouse if number % 2 else self._label_with_keys)(text, span)
            expect(self.page.locator("#text mark")).to_have_count(len(self.reviews.gold[text]))
            self.look(f"labelling-{number}", only=(0, 1))
            if number % 2:
                self.page.get_by_role("button", name="Submit").click()
            else:
                self.page.keyboard.press("Control+Enter")
            expect(self.page.locator("#text")).not_to_have_text(text)
        expect(self.page.locator("#saving")).to_have_attribute("data-kind", "saved")

    def make_feature_set(self) -> None:
        self.go("Feature sets")
        self.page.locator("a[href$='/feature-sets/new']").first.click()
        self.look("new-feature-set")
        self.page.get_by_role("button", name="Make it").click()
        expect(self.page.get_by_role("heading", name="Parts")).to_be_visible(timeout=30_000)
        self.look("feature-set")

    def train(self, name: str, **options: float) -> None:
        """Trains on the newest feature set, and waits until the model is judged."""
        self.go("Training")
        self.page.locator("a[href*='/training/new']").first.click()
        self.page.get_by_label("Name").fill(name)
        for option, value in options.items():
            self.page.locator(f"#option-{option}").fill(str(value))
        self.look("new-training")
        self.page.get_by_role("button", name="Train", exact=True).click()
        expect(self.page.locator("#phase")).to_contain_text("epoch", ignore_case=True, timeout=30_000)
        self.look("training-live")
        expect(self.page.locator("#state")).to_have_text("finished", timeout=300_000)

    def read_report(self) -> None:
        expect(self.page.get_by_role("heading", name="What to do")).to_be_visible(timeout=15_000)
        expect(self.page.get_by_role("cell", name="PNAME").first).to_be_visible()
        self.look("training-finished")
        self.page.locator("#report summary").click()
        expect(self.page.frame_locator("#report iframe").get_by_role("heading").first).to_be_visible()

    def deploy(self, name: str) -> None:
        self.go("Deployment")
        self.page.get_by_role("button", name=f"Deploy {name}").click()
        expect(self.page.locator("#slots").get_by_text(name).first).to_be_visible(timeout=30_000)

    def make_key(self) -> str:
        """A key to the API of models."""
        self.page.get_by_label("For", exact=True).fill("a program")
        self.page.get_by_role("button", name="Make a key").click()
        code = self.page.locator("#made code")
        expect(code).not_to_be_empty()
        self.look("deployment")
        return code.inner_text()

    def try_model(self, name: str, text: str) -> None:
        self.go("Playground")
        model = self.page.locator("#model")
        model.select_option(label=model.locator("option", has_text=name).first.inner_text())
        self.page.locator("#text").fill(text)
        self.page.get_by_role("button", name="Find entities").click()
        expect(self.page.locator("#readings")).to_be_visible(timeout=20_000)
        expect(self.page.get_by_role("heading", name="Why?")).to_be_visible()
        self.look("playground")

    def correct(self, text: str, spans: tuple[Span, ...]) -> None:
        """Sends what was tried to labelling, and makes it right there."""
        self.page.get_by_role("button", name="Send to labelling").first.click()
        self.page.locator("#results").get_by_role("link").first.click()
        expect(self.page.locator("#text")).to_have_text(text)
        marks = self.page.locator("#text mark.suggestion")
        if marks.count():
            self.page.get_by_role("button", name="Reject all").click()
            expect(marks).to_have_count(0)
        for span in spans:
            self._label_with_mouse(text, span)
        self.look("correction")
        self.page.keyboard.press("Control+Enter")
        expect(self.page.locator("#told")).to_have_text("Submitted")

    def shown_text(self) -> str:
        """The text of the document that is open."""
        self.page.locator("#text p").first.wait_for()
        return self.page.locator("#text").inner_text().strip()

    def look(self, name: str, *, only: tuple[int, ...] = ()) -> None:
        """Sees that nothing keeps people from using the page; keeps a picture of it where pictures are asked for."""
        if only and int(name.rpartition("-")[2]) not in only:
            return
        assert barriers(self.page) == []
        if self._pictures is not None:
            self._picture(self._pictures, name)

    def _picture(self, folder: str, name: str) -> None:
        """Keeps what is seen, in light and dark."""
        self.page.wait_for_timeout(300)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.wait_for_timeout(200)
            self.page.screenshot(path=Path(folder, f"{name}-{scheme}.png"))
        self.page.emulate_media(color_scheme="light")

    def _label_with_mouse(self, text: str, span: Span) -> None:
        """Chooses the label, where it is not chosen already, then drags over the words."""
        row = self.page.locator("#labels button", has_text=span.label)
        if row.get_attribute("aria-pressed") != "true":
            row.click()
        left, top, right, bottom = self.page.evaluate(_PLACE_OF_SPAN, [text, span.start, span.end])
        self.page.mouse.move(left, top)
        self.page.mouse.down()
        self.page.mouse.move((left + right) / 2, bottom)
        self.page.mouse.move(right, bottom)
        self.page.mouse.up()

    def _label_with_keys(self, text: str, span: Span) -> None:
        """Goes from word to word, widens the caret over those of the span, and presses the label's key."""
        keyboard, words = self.page.keyboard, tokens(text)
        for _ in range(2):  # the first press only shows where the caret is
            keyboard.press("Control+Home")
        for _ in range(sum(word.end <= span.start for word in words)):
            keyboard.press("ArrowRight")
        for _ in range(sum(span.start <= word.start < span.end for word in words) - 1):
            keyboard.press("Shift+ArrowRight")
        keyboard.press(_key_of(span))


def _key_of(span: Span) -> str:
    return {"PNAME": "1", "PFEATURE": "2"}[span.label]


def _different(documents: list[Document], others: set[str]) -> list[Document]:
    """Those with texts of their own, whose words are parted by blanks alone."""
    found = {document.text: document for document in documents if document.text not in others}
    return list(found.values())
