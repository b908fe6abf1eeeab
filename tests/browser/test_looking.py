"""What is looked for in pages is found where it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.looking import WIDTHS, Seen, looking

SPOILT = {
    "overflow": "<pre class='x'>{wide}</pre>",
    "small_targets": "<div><a href='/'>to</a></div>",
    "barriers": "<img src='/static/none.svg'>",
    "cut": "<div class='scroll'><table class='table'><tr><td class='number'>{wide}</td></tr></table></div>",
}


def spoil(seen: Seen, markup: str) -> None:
    written = markup.format(wide="wide " * 400)
    seen.page.evaluate("markup => document.querySelector('main').insertAdjacentHTML('beforeend', markup)", written)
    seen.page.evaluate("document.querySelectorAll('.x').forEach(node => { node.style.overflow = 'visible'; })")


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_spoilt_is_found(browser: Browser, site: str, what: str) -> None:
    with looking(browser, site, "/components", language="en", width=WIDTHS["phone"]) as seen:
        assert not getattr(seen, what)()
        spoil(seen, SPOILT[what])
        assert getattr(seen, what)()


@pytest.mark.parametrize(
    "markup", ["<p style='color: red'>red</p>", "<img alt='' src='https://elsewhere.example/a.png'>"]
)
def test_what_the_policy_forbids_is_told(browser: Browser, site: str, markup: str) -> None:
    with looking(browser, site, "/components", language="en") as seen:
        assert not seen.wrong
        spoil(seen, markup)
        seen.page.wait_for_timeout(300)
        assert seen.wrong


def test_words_that_can_hardly_be_read_are_found(browser: Browser, site: str) -> None:
    with looking(browser, site, "/components", language="en") as seen:
        seen.page.evaluate("document.querySelector('main').style.color = '#ddd'")
        assert any(each.startswith("color-contrast") for each in seen.barriers())
