"""What is looked for in every page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

WIDTHS: Final = {"laptop": 1280, "phone": 390}
TABLET: Final = 768
HEIGHT: Final = 800
SERIOUS: Final = {"serious", "critical"}
# A page that says that something is missing is no error, though the browser logs its status as one.
_STATUS: Final = "the server responded with a status of"
# Only what is wrong is handed over; lists of all that is right are long.
_AXE: Final = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
_OVERFLOW: Final = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (node) => node && node !== document.body
    && (getComputedStyle(node).overflowX !== 'visible' || scrolls(node.parentElement));
  const wide = [...document.querySelectorAll('body *')]
    .filter((node) => node.getBoundingClientRect().right > width + 1 && !scrolls(node.parentElement))
    .map((node) => node.outerHTML.slice(0, 120));
  return [`${document.documentElement.scrollWidth} instead of ${width}`, ...wide];
}"""
_CUT: Final = """() => [...document.querySelectorAll('.table :is(th, td)')]
  .filter((node) => node.checkVisibility() && node.innerText.trim())
  .filter((node) => { const box = node.getBoundingClientRect(), there = node.closest('.scroll').getBoundingClientRect();
    return box.right > there.right + 1 || node.scrollWidth > node.clientWidth + 1; })
  .map((node) => node.outerHTML.slice(0, 120))
"""
_STOPS: Final = """() => {
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  const seen = [...document.querySelectorAll(wanted)]
    .filter((node) => !node.disabled && node.checkVisibility({visibilityProperty: true}));
  seen.forEach((node, number) => { node.dataset.stop = number; });
  return seen.map((node) => node.outerHTML.slice(0, 120));
}"""
_FOCUSED: Final = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  return {
    stop: node.dataset.stop === undefined ? null : Number(node.dataset.stop),
    seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
_SMALL: Final = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
  .filter((node) => node.checkVisibility() && !node.matches('.skip') && !node.closest('svg, p, td, th, li.inline, dd'))
  .filter((node) => { const box = node.getBoundingClientRect(); return box.height < 24 || box.width < 24; })
  .map((node) => node.outerHTML.slice(0, 120))
"""


@dataclass(frozen=True)
class Seen:
    """A page in the browser, and what went wrong while it was there.

    Attributes:
        page: The page.
        wrong: Errors told on the console, among them what the policy forbade, and requests to elsewhere.
    """

    page: Page
    wrong: list[str] = field(default_factory=list)

    def overflow(self) -> list[str]:
        """What makes the page wider than the screen."""
        found: list[str] = self.page.evaluate(_OVERFLOW)
        return found

    def cut(self) -> list[str]:
        """Cells of tables that are not wholly in sight."""
        found: list[str] = self.page.evaluate(_CUT)
        return found

    def small_targets(self) -> list[str]:
        """What stands alone and is too small to be hit."""
        found: list[str] = self.page.evaluate(_SMALL)
        return found

    def barriers(self) -> list[str]:
        """What axe finds that bars somebody."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(_AXE)
        return [f"{each['id']}: {_where(each)}" for each in found if each["impact"] in SERIOUS]

    def stops(self) -> list[str]:
        """All that can be acted on, in the order of the page."""
        found: list[str] = self.page.evaluate(_STOPS)
        return found

    def tabbed(self, most: int) -> Iterator[dict[str, Any]]:
        """Where Tab goes, until it leaves the page."""
        self.page.evaluate("document.activeElement?.blur()")
        last: int | None = -1
        for _ in range(most):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(_FOCUSED)
            if focused is None:
                return
            # A date has a stop for day, month and year; a region that scrolls may be one of the browser's own.
            if focused["stop"] is not None and focused["stop"] != last:
                last = focused["stop"]
                yield focused


@contextmanager
def looking(browser: Browser, site: str, address: str, *, language: str, width: int = 1280) -> Iterator[Seen]:
    """A page in a fresh browser of a reader of that language."""
    context = browser.new_context(locale=language, viewport={"width": width, "height": HEIGHT}, reduced_motion="reduce")
    seen = Seen(context.new_page())

    def told(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _STATUS not in message.text:
            seen.wrong.append(message.text)

    def asked(request: Request) -> None:
        if not request.url.startswith(site):
            seen.wrong.append(request.url)

    seen.page.on("console", told)
    seen.page.on("request", asked)
    seen.page.on("pageerror", lambda error: seen.wrong.append(str(error)))
    try:
        seen.page.goto(site + address)
        yield seen
    finally:
        context.close()


def _where(violation: dict[str, Any]) -> str:
    return "; ".join(f"{node['html'][:160]} {node['failureSummary']}" for node in violation["nodes"][:3])
