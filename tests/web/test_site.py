"""Pages are in their reader's language and theme, safe by their headers, and explain what is not there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

import carpel as api
from carpel.kernel.texts import LANGUAGES
from carpel.web import create_site
from carpel.web.page import Page
from carpel.web.preferences import own_address
from carpel.web.reader import Reader
from tests.cli.conftest import finished, shop

__all__ = ["finished", "shop"]

HOME = "http://127.0.0.1"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def site(finished: Path) -> Iterator[TestClient]:
    with api.open(finished) as workspace:
        yield TestClient(create_site(workspace), base_url=HOME, raise_server_exceptions=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_the_language_that_the_browser_prefers(site: TestClient, language: str) -> None:
    page = site.get("/", headers={"Accept-Language": language})
    assert f'<html lang="{language}">' in page.text
    assert set(page.headers["vary"].split(", ")) >= {"Accept-Language", "Cookie"}


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("fr-FR, zh-TW;q=0.8, en;q=0.5", "zh-Hant"),
        ("ceb, fil;q=0.9", "fil"),
        ("zh-CN;q=0, fil;q=0.1", "fil"),
        ("en-GB, zh-CN", "en"),
        ("fr, *;q=0.5", "en"),
        ("zh;q=nan, tl", "fil"),
        (";;,=,", "en"),
    ],
)
def test_of_languages_that_nobody_translated_the_next_wish_counts(site: TestClient, wanted: str, language: str) -> None:
    assert f'<html lang="{language}">' in site.get("/components", headers={"Accept-Language": wanted}).text


def test_a_language_that_was_asked_for_stays(site: TestClient) -> None:
    assert '<html lang="zh-Hant">' in site.get("/?lang=zh-Hant", headers={"Accept-Language": "fil"}).text
    assert '<html lang="zh-Hant">' in site.get("/components", headers={"Accept-Language": "fil"}).text
    assert '<html lang="zh-Hant">' in site.get("/?lang=klingon").text


def test_a_theme_is_kept_and_the_reader_goes_back_to_the_same_page(site: TestClient) -> None:
    sent = {"theme": "dark", "back": "/components?sort=name"}
    answer = site.post("/preferences", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/components?sort=name")
    assert 'data-theme="dark"' in site.get("/").text
    site.post("/preferences", data={"theme": "plaid", "back": "/"})
    assert 'data-theme="dark"' in site.get("/").text


def test_a_form_on_a_page_elsewhere_changes_nothing(site: TestClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert site.post("/preferences", data={"theme": "dark"}, headers=elsewhere).status_code == 403
    assert 'data-theme="dark"' not in site.get("/", headers=elsewhere).text


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("//elsewhere.example/", "/elsewhere.example/"),
        ("/customers/100%25", "/customers/100%25"),
        ("/customers/a%3Fb%23c", "/customers/a%3Fb%23c"),
        ("/customers/%E5%AE%A2", "/customers/%E5%AE%A2"),
    ],
)
def test_a_page_leads_to_itself_in_another_language(path: str, address: str) -> None:
    scope = {"type": "http", "path": unquote(path), "query_string": b"", "headers": [], "method": "GET"}
    reader = Reader(language="en", theme="automatic", zone=ZoneInfo("UTC"))
    assert Page(request=Request(scope), reader=reader).here(lang="fil") == f"{address}?lang=fil"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "/\n/a", "", "javascript:1"],
)
def test_nobody_is_sent_elsewhere(elsewhere: str) -> None:
    assert own_address(elsewhere) == "/"


def test_everything_that_a_page_is_drawn_with_may_be_kept_for_ever(site: TestClient) -> None:
    addresses = set(re.findall(r'"(/static/[^"]+)"', site.get("/").text))
    assert len(addresses) == 2
    for address in addresses:
        found = site.get(address)
        assert found.status_code == 200
        assert "immutable" in found.headers["cache-control"]
    assert site.get("/static/carpel.000000000000.css").status_code == 404


def test_a_page_holds_no_script_no_style_of_its_own_and_nothing_from_elsewhere(site: TestClient) -> None:
    for path in ("/", "/components", "/nothing"):
        page = site.get(path)
        assert page.headers["content-security-policy"] == POLICY
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|https?://(?!www\.w3\.org/)", page.text)


def test_what_is_missing_is_a_page_for_people_and_a_problem_for_programs(site: TestClient) -> None:
    told = {site.get("/nothing", headers={"Accept-Language": each}).text for each in LANGUAGES}
    assert len(told) == len(LANGUAGES)
    page = site.get("/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    program = site.get("/api/v1/nothing")
    assert (program.status_code, program.headers["content-type"]) == (404, "application/problem+json")


def test_before_the_first_run_a_page_shows_the_ways_in(shop: Path) -> None:
    shutil.rmtree(shop / ".carpel")
    with api.open(shop) as workspace:
        page = TestClient(create_site(workspace), base_url=HOME).get("/")
    assert page.status_code == 503
    assert f"carpel run -w {shop}" in page.text
    assert "carpel demo" in page.text


def test_an_unexpected_error_is_a_page_too(site: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("carpel.workspace.workspace.Workspace.current", property(broken))
    page = site.get("/")
    assert page.status_code == 500
    assert "<h1>" in page.text
    assert "ZeroDivisionError" not in page.text
    assert page.headers["content-security-policy"] == POLICY


def test_names_are_escaped(site: TestClient) -> None:
    assert "<b>" not in site.get("/components?sort=<b>&back=%22%3E%3Cb%3E").text


def test_a_search_that_is_too_long_says_so_and_can_be_mended(site: TestClient) -> None:
    page = site.get("/customers", params={"q": "x" * 201})
    assert page.status_code == 422
    assert "The search is too long" in page.text
    assert re.search(r'<input[^>]*name="q"[^>]*value="x{201}"[^>]*maxlength="200"', page.text)
    assert site.get("/customers", params={"q": "x" * 200}).status_code == 200


def test_a_search_on_a_page_says_what_matched(site: TestClient) -> None:
    page = site.get("/customers", params={"q": "001379"})
    assert "found by id" in page.text
    assert "found by" not in site.get("/customers").text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?since=bogus", "No earlier run knows up to bogus"),
        ("/?sort=revenu", "Did you mean revenue"),
        ("/segments?sort=bogus", "cannot be sorted by bogus"),
        ("/customers?where=recency_day:1", "Did you mean recency_days"),
        ("/customers?where=frequency:zzz", "Frequency has no values numbered zzz"),
        ("/customers?where=bogus:1", "Nothing called bogus is known of customers"),
    ],
)
def test_what_cannot_be_shown_is_said_rather_than_something_else_shown(
    site: TestClient, address: str, said: str
) -> None:
    page = site.get(address)
    assert (page.status_code, said in page.text) == (404, True)


def test_a_part_of_an_address_that_cannot_be_read_is_told_in_words(site: TestClient) -> None:
    page = site.get("/customers?since=bogus")
    assert page.status_code == 422
    assert "“since” in the address cannot be read: it must be a day, written as 2026-03-31." in page.text
