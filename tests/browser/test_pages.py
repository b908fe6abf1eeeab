"""Every page, in every language, on a laptop and a phone, light and dark, with the keyboard alone."""

from __future__ import annotations

from itertools import product
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser

from carpel.kernel.texts import LANGUAGES
from tests.browser.looking import HEIGHT, TABLET, WIDTHS, Seen, looking
from tests.browser.pages import addresses, variants

PAGES = tuple(addresses())
EVERY_LOOK: Final = frozenset(product(WIDTHS, ("light", "dark")))
LOOKS: Final = {"zh-Hans": {("laptop", "dark")}, "zh-Hant": {("phone", "light")}, "fil": {("phone", "dark")}}
"""Where axe looks. What bars people hardly differs by language: English is looked at everywhere, others once."""
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


def look_over(seen: Seen, language: str) -> None:
    """At both widths nothing overflows and everything can be hit; nobody is barred, and nothing went wrong.

    No cell of a table is cut, nor is it between the two.
    """
    assert seen.page.locator("html").get_attribute("lang") == language
    for device, width in WIDTHS.items():
        seen.page.set_viewport_size({"width": width, "height": HEIGHT})
        assert not seen.overflow(), device
        assert not seen.small_targets(), device
        assert not seen.cut(), device
        for theme in THEMES:
            if (device, theme) in LOOKS.get(language, EVERY_LOOK):
                seen.page.emulate_media(color_scheme=theme)
                assert not seen.barriers(), (device, theme)
    seen.page.set_viewport_size({"width": TABLET, "height": HEIGHT})
    assert not seen.overflow()
    assert not seen.cut()
    assert not seen.wrong


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_bars_nobody_and_asks_nobody_else(browser: Browser, site: str, address: str, language: str) -> None:
    with looking(browser, site, address, language=language) as seen:
        look_over(seen, language)


@pytest.mark.parametrize("address", tuple(variants()))
def test_so_does_a_page_as_its_reader_chose_it(browser: Browser, site: str, address: str) -> None:
    with looking(browser, site, address, language="zh-Hant") as seen:
        look_over(seen, "zh-Hant")


@pytest.mark.parametrize("language", LANGUAGES)
def test_so_does_the_first_visit(browser: Browser, empty_site: str, language: str) -> None:
    with looking(browser, empty_site, "/", language=language) as seen:
        look_over(seen, language)


@pytest.mark.parametrize(("address", "name"), [("/customers/000001", "h1"), ("/customers", ".table tbody th a")])
def test_a_name_without_a_space_breaks_rather_than_the_page(
    browser: Browser, site: str, address: str, name: str
) -> None:
    with looking(browser, site, address, language="en") as seen:
        seen.page.locator(name).first.evaluate("node => { node.textContent = 'W'.repeat(180); }")
        for width in (*WIDTHS.values(), TABLET):
            seen.page.set_viewport_size({"width": width, "height": HEIGHT})
            assert not seen.overflow(), width
            assert not seen.cut(), width


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("address", PAGES)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    browser: Browser, site: str, address: str, width: int
) -> None:
    with looking(browser, site, address, language="en", width=width) as seen:
        stops = seen.stops()
        reached = list(seen.tabbed(3 * len(stops) + 20))
        assert [each["stop"] for each in reached] == list(range(len(stops)))
        assert not [stops[each["stop"]] for each in reached if not (each["seen"] and each["within"])]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_language_and_theme_are_chosen_by_keyboard_and_kept(browser: Browser, site: str, width: int) -> None:
    with looking(browser, site, "/components", language="en", width=width) as seen:
        page = seen.page
        page.get_by_role("button", name="Language and appearance").or_(
            page.get_by_role("button", name="English: language and appearance")
        ).focus()
        page.keyboard.press("Enter")
        assert not seen.barriers()
        page.get_by_role("link", name="繁體中文").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/components?lang=zh-Hant")
        page.get_by_role("button", name="繁體中文").click()
        page.get_by_role("button", name="深色").click()
        page.wait_for_url("**/components")
        html = page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("data-theme")) == ("zh-Hant", "dark")
        assert not seen.wrong


def test_the_menu_of_a_phone_opens_without_a_script_and_closes_with_escape(browser: Browser, site: str) -> None:
    with looking(browser, site, "/", language="en", width=WIDTHS["phone"]) as seen:
        navigation = seen.page.locator("#navigation")
        assert not navigation.is_visible()
        seen.page.get_by_role("button", name="Menu").press("Enter")
        assert navigation.is_visible()
        assert not seen.barriers()
        assert not seen.overflow()
        seen.page.keyboard.press("Escape")
        assert not navigation.is_visible()
