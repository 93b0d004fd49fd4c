"""What keeps people from using a page who see it badly or not at all, as axe finds it."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def barriers(page: Page) -> list[str]:
    """What is against WCAG 2.2 AA on a page as it is now, in light and in dark, or against axe's own advice."""
    found = _found(page, {"type": "tag", "values": _STANDARDS})
    page.emulate_media(color_scheme="dark")
    found += _found(page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Page, rules: dict[str, object]) -> list[str]:
    told = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
    assert told["passes"], "no rule had anything to look at"
    return [
        f"{page.url}: {rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]
