"""Pages show what REST answers, lead to what is behind it, and hand out what they draw."""

from __future__ import annotations

import ast
import csv
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

import carpel as api
from carpel.charts import numbers
from carpel.cli import run_command
from carpel.kernel.texts import LANGUAGES
from carpel.web import create_site
from tests.cli.conftest import finished

__all__ = ["finished"]

HOME = "http://127.0.0.1"
HOSTILE = """\
scheme: customers
segments:
  - key: north
    label: {en: '<img src=x onerror="alert(1)"> & "north"', zh-Hans: '<script>'}
    when: country = 'PH'
  - key: others
    label: {en: "</title><b>others"}
    otherwise: true
"""
ATTRIBUTE = re.compile(r'href="/attributes/(\w+)"')
ROW = re.compile(r"<tr>\s*<th scope=\"row\">.*?</tr>", re.DOTALL)
PARTS = ("", "/apart", "/needs", "/movements", "/money")


@pytest.fixture(scope="module")
def past(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two runs, the later of them current."""
    folder = Path(shutil.copytree(finished, tmp_path_factory.mktemp("past") / "acme"))
    with api.open(folder) as workspace:
        latest = workspace.segments().as_of
        workspace.run(as_of=latest.replace(day=1).isoformat())
        workspace.run()
    return folder


@pytest.fixture
def site(past: Path) -> Iterator[TestClient]:
    with api.open(past) as workspace:
        yield TestClient(create_site(workspace), base_url=HOME)


def test_every_segment_stands_on_the_overview_with_the_number_that_rest_answers(site: TestClient) -> None:
    page = site.get("/").text
    for segment in site.get("/api/v1/segments").json()["segments"]:
        if segment["customers"]:
            assert f'href="/customers?segment={segment["key"]}">{segment["customers"]:,}</a>' in page
            assert f'href="/segments/{segment["key"]}"' in page


def test_a_heading_sorts_the_segments_that_customers_are_in(site: TestClient) -> None:
    shown = ROW.findall(site.get("/segments?sort=-customers").text)
    counts = [int(found[1].replace(",", "")) for row in shown if (found := re.search(r">([\d,]+)</a></td>", row))]
    body = counts[:-1]
    assert len(body) > 2
    assert body == sorted(body, reverse=True)


def test_a_day_without_a_run_is_told(site: TestClient) -> None:
    page = site.get("/?since=1999-01-01")
    assert (page.status_code, "No earlier run knows up to 1999-01-01" in page.text) == (404, True)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_segment_has_all_its_parts_in_every_language(site: TestClient, part: str, language: str) -> None:
    key = site.get("/api/v1/segments").json()["segments"][0]["key"]
    page = site.get(f"/segments/{key}{part}", headers={"Accept-Language": language})
    assert page.status_code == 200
    assert not re.search(r"\b(web|views|charts)\.[a-z-]+\.?[a-z-]*\b", re.sub(r"<[^>]+>", " ", page.text))


def test_a_segment_that_nobody_made_is_not_there(site: TestClient) -> None:
    assert {site.get(f"/segments/nobody{part}").status_code for part in PARTS} == {404}


@pytest.mark.parametrize("address", ["/overview/fruit", "/overview/movements"])
def test_a_picture_can_be_kept_and_its_table_too(site: TestClient, address: str) -> None:
    picture = site.get(f"{address}.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "attachment" in picture.headers["content-disposition"]
    assert ET.fromstring(picture.content).tag.endswith("svg")
    table = site.get(f"{address}.csv")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert len(list(csv.reader(io.StringIO(table.text)))) > 1
    assert site.get(f"{address}.exe").status_code == 422


def test_the_fruits_table_is_the_whole_base(site: TestClient) -> None:
    rows = list(csv.reader(io.StringIO(site.get("/overview/fruit.csv").content.decode("utf-8-sig"))))
    assert sum(int(row[1]) for row in rows[1:]) == site.get("/api/v1/segments").json()["base"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that knows customers only: no purchase, no money; their names, and the segments', are markup."""
    folder = tmp_path_factory.mktemp("bare")
    rows = "".join(f'{number},"<b>Ann & ""{number}""</b>",{"PH" if number % 3 else "TW"}\n' for number in range(90))
    (folder / "people.csv").write_text(f"customer_id,name,country\n{rows}")
    assert run_command(["init", str(folder / "acme"), "--from", str(folder / "people.csv"), "--yes"]) == 0
    (folder / "acme" / "schemes" / "customers.yaml").write_text(HOSTILE)
    with api.open(folder / "acme") as workspace:
        workspace.publish()
        workspace.run()
    return folder / "acme"


@pytest.mark.parametrize("part", PARTS)
def test_without_a_purchase_or_money_a_segment_still_has_its_pages(bare: Path, part: str) -> None:
    with api.open(bare) as workspace:
        page = TestClient(create_site(workspace), base_url=HOME).get(f"/segments/north{part}")
    assert page.status_code == 200
    assert "<b>" not in page.text


@pytest.mark.parametrize(
    "path", ["/", "/segments", "/customers", "/customers/1", "/attributes", "/attributes/name", "/data"]
)
def test_whatever_people_write_stays_text(bare: Path, path: str) -> None:
    with api.open(bare) as workspace:
        page = TestClient(create_site(workspace), base_url=HOME).get(path)
    assert page.status_code == 200
    assert not re.search(r"<b>|<script|<img src=x", page.text)


@pytest.mark.parametrize("ending", ["svg", "csv"])
def test_an_attributes_distribution_can_be_kept(site: TestClient, ending: str) -> None:
    assert f'href="/attributes/country.{ending}"' in site.get("/attributes/country").text
    kept = site.get(f"/attributes/country.{ending}")
    assert kept.status_code == 200
    assert kept.headers["content-disposition"] == f'attachment; filename="country.{ending}"'


def test_a_table_to_keep_counts_customers_in_whole_numbers(site: TestClient) -> None:
    key = site.get("/api/v1/segments").json()["segments"][0]["key"]
    rows = list(csv.reader(io.StringIO(site.get(f"/segments/{key}/past.csv").content.decode("utf-8-sig"))))
    assert all(row[2].isdigit() for row in rows[1:])


def test_customers_who_are_asked_for_by_nothing_that_is_there_are_not_everyone(site: TestClient) -> None:
    assert site.get("/customers?where=country").status_code == 404
    assert site.get("/customers?where=").status_code == 200


def test_what_a_list_is_narrowed_to_stays_when_one_searches_in_it(site: TestClient) -> None:
    page = site.get("/customers?where=country:0&where=relationship:0&came_from=outside").text
    for form in re.findall(r'<form class="(?:search|choose)".*?</form>', page, re.DOTALL):
        kept = re.findall(r'name="(where|came_from)" value="([^"]*)"', form)
        assert set(kept) == {("where", "country:0"), ("where", "relationship:0"), ("came_from", "outside")}
    assert 'name="where"' not in site.get("/customers").text


def test_a_list_leads_back_to_its_first_page_and_says_so(site: TestClient) -> None:
    first = site.get("/customers")
    onwards = re.findall(r'rel="next" href="([^"]+)"', first.text)
    assert "First page" not in first.text
    assert 'href="/customers">« First page</a>' in site.get(onwards[0].replace("&amp;", "&")).text


@pytest.mark.parametrize("path", ["/", "/segments", "/customers", "/attributes", "/attributes/country", "/data"])
def test_no_level_of_headings_is_left_out(site: TestClient, path: str) -> None:
    customer = site.get("/api/v1/customers?limit=1").json()["customers"][0]["customer_id"]
    for each in (path, f"/customers/{customer}"):
        levels = [int(level) for level in re.findall(r"<h(\d)", site.get(each).text.partition("<main")[2])]
        assert levels[0] == 1
        assert all(lower <= upper + 1 for upper, lower in pairwise(levels))


def test_a_moment_is_told_as_the_companys_clocks_show_it(past: Path) -> None:
    settings = past / "carpel.yaml"
    written = settings.read_text(encoding="utf-8")
    zoned = re.sub(r"(?m)^time_zone:.*$", "time_zone: Pacific/Kiritimati", written)
    settings.write_text(zoned, encoding="utf-8")
    try:
        with api.open(past) as workspace:
            started = workspace.runs.list(1)[0].started.astimezone(ZoneInfo("Pacific/Kiritimati"))
            page = TestClient(create_site(workspace), base_url=HOME).get("/data").text
    finally:
        settings.write_text(written, encoding="utf-8")
    assert f">{started:%b} {started.day}, {started.year} {started:%I:%M}".replace(" 0", " ") in page


@pytest.mark.parametrize("address", ["/segments/{}/apart", "/segments/{}/apart?versus={}", "/segments/{}/needs"])
def test_what_sets_a_segment_apart_can_be_kept_as_it_is_shown(site: TestClient, address: str) -> None:
    first, second = (row["key"] for row in site.get("/api/v1/segments").json()["segments"][:2])
    page = site.get(address.format(first, second)).text
    kept = [unescape(each) for each in re.findall(r'class="figure__download" href="([^"]*)"', page)]
    assert kept
    for each in kept:
        answer = site.get(each)
        assert answer.status_code == 200
        if ".csv" in each:
            rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
            shares = [float(row[2]) for row in rows[1:]]
            assert all(f">{_percent(share)}<" in page for share in shares if share), each
        else:
            assert answer.text.startswith("<svg")
    assert site.get(f"/segments/{first}/apart/nothing.csv").status_code == 404
    assert site.get(f"/segments/{first}/needs/nothing.csv").status_code == 404


def _percent(share: float) -> str:
    return numbers.share(share, "en").replace("<", "&lt;")


def test_arrows_since_any_day_lead_to_their_customers(site: TestClient) -> None:
    days = re.findall(r'<option value="(\d{4}-\d{2}-\d{2})"', site.get("/").text)
    counted = 0
    for day in days:
        page = site.get(f"/?since={day}").text
        for href, number in re.findall(r'href="(/customers\?[^"]*came_from[^"]*)"[^>]*>\s*([\d,]+)\s*<', page):
            told = re.search(r"<caption[^>]*>\s*([\d,]+)", site.get(unescape(href)).text)
            assert told
            assert told[1] == number
            counted += 1
    assert counted


@pytest.mark.parametrize("order", [LANGUAGES, LANGUAGES[::-1], ("zh-Hant", "fil", "en", "zh-Hans")])
def test_months_and_days_are_named_in_the_language_asked_for_whichever_was_asked_before(order: tuple[str, ...]) -> None:
    """In a process of its own, as names are kept from the first time on."""
    told = "from carpel.web.reader import month_name as m, weekday as d; print({l: (m(1, l), d(1, l)) for l in %r})"
    said = subprocess.run([sys.executable, "-c", told % (order,)], capture_output=True, text=True, check=True).stdout
    found = ast.literal_eval(said)
    assert found["en"] == ("January", "Monday")
    assert found["fil"] == ("Enero", "Lunes")
    assert found["zh-Hans"][1] == found["zh-Hant"][1] == "星期一"


@pytest.mark.parametrize(
    ("language", "wish"),
    [("en", "days since LAST"), ("zh-Hans", "最近购买"), ("fil", "huling pagbili"), ("en", "recency_days")],
)
def test_an_attribute_is_found_by_its_name_or_meaning(site: TestClient, language: str, wish: str) -> None:
    every = set(ATTRIBUTE.findall(site.get("/attributes").text))
    page = site.get("/attributes", params={"q": wish}, headers={"accept-language": language}).text
    found = set(ATTRIBUTE.findall(page))
    assert found < every
    assert "recency_days" in found


def test_a_search_of_attributes_that_finds_none_says_so(site: TestClient) -> None:
    page = site.get("/attributes?q=<none>").text
    assert "No attribute speaks of that" in page
    assert "<none>" not in page


def test_no_button_leads_to_the_page_that_it_stands_on(site: TestClient) -> None:
    for each in site.get("/api/v1/segments").json()["segments"]:
        address = f"/segments/{each['key']}"
        assert f'notice__action" href="{address}"' not in site.get(address).text


def test_where_nobody_has_money_no_list_is_in_its_order(bare: Path, site: TestClient) -> None:
    with api.open(bare) as workspace:
        page = TestClient(create_site(workspace), base_url=HOME).get("/customers").text
    assert "Those of the most money first." not in page
    assert "order of their ids" in page
    assert page.count('<th scope="col"') == 2
    known = site.get("/customers").text
    assert "Those of the most money first." in known
    assert known.count('<th scope="col"') == 4


def test_runs_of_one_day_have_nothing_to_compare_and_say_so(bare: Path) -> None:
    with api.open(bare) as workspace:
        assert len({run.as_of for run in workspace.runs.list(9)}) == 1
        page = TestClient(create_site(workspace), base_url=HOME).get("/").text
    assert "No run of an earlier day to compare with" in page


def test_the_movements_of_a_segment_can_be_read_as_a_table(site: TestClient) -> None:
    counted = 0
    for each in site.get("/api/v1/segments").json()["segments"]:
        address = f"/segments/{each['key']}"
        page = site.get(f"{address}/movements").text
        table = "".join(re.findall(r'<details class="figure__table">.*?</details>', page, re.DOTALL))
        shown = [number.replace(",", "") for number in re.findall(r"came_from[^>]*>\s*([\d,]+)\s*<", table)]
        kept = list(csv.reader(io.StringIO(site.get(f"{address}/flow.csv").text.lstrip("\ufeff"))))[1:]
        assert sorted(row[2] for row in kept) == sorted(shown)
        counted += len(shown)
    assert counted
