"""Customers page by page, none twice and none left out; and one customer with all that is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import carpel
from carpel.api import create_app
from carpel.api.listing import _cursor
from carpel.workspace import Workspace
from tests.api.test_api import HOME
from tests.cli.conftest import finished, shop

__all__ = ["finished", "shop"]


@pytest.fixture
def workspace(finished: Path) -> Iterator[Workspace]:
    with carpel.open(finished) as workspace:
        yield workspace


@pytest.fixture
def asked(workspace: Workspace) -> TestClient:
    return TestClient(create_app(workspace), base_url=HOME)


def pages(asked: TestClient, **wish: Any) -> Iterator[dict[str, Any]]:
    answer = asked.get("/api/v1/customers", params=wish).json()
    yield answer
    while answer["next"]:
        answer = asked.get("/api/v1/customers", params={**wish, "after": answer["next"]}).json()
        yield answer


@pytest.mark.parametrize("limit", [1, 7, 50, 1000])
def test_pages_hold_everybody_once_those_of_the_most_money_first(asked: TestClient, limit: int) -> None:
    found = list(pages(asked, limit=limit))
    rows = [row for page in found for row in page["customers"]]
    assert {page["total"] for page in found} == {len(rows)}
    assert len({row["customer_id"] for row in rows}) == len(rows)
    assert rows == sorted(rows, key=lambda row: (-row["monetary_value"], row["customer_id"]))


def test_a_segment_lists_its_customers(asked: TestClient) -> None:
    for segment in asked.get("/api/v1/segments").json()["segments"]:
        rows = [row for page in pages(asked, segment=segment["key"], limit=5) for row in page["customers"]]
        assert len(rows) == segment["customers"]
        assert {(row["segment"], row["label"]) for row in rows} <= {(segment["key"], segment["label"])}


def test_a_search_finds_by_the_beginning_of_an_id(asked: TestClient) -> None:
    rows = [row["customer_id"] for page in pages(asked, search="0013", limit=5) for row in page["customers"]]
    every = [row["customer_id"] for page in pages(asked) for row in page["customers"]]
    assert sorted(rows) == sorted(each for each in every if each.startswith("0013"))


def test_a_cursor_says_nothing_and_nothing_else_is_one(asked: TestClient) -> None:
    first = asked.get("/api/v1/customers", params={"limit": 1}).json()
    assert first["customers"][0]["customer_id"] not in first["next"]
    for made_up in ("x", "%00", first["next"] + "=", _cursor("--5:x"), _cursor("x:y"), _cursor("none"), "\u2603"):
        answer = asked.get("/api/v1/customers", params={"after": made_up})
        assert (answer.status_code, answer.json()["key"]) == (404, "views.no-such-page"), made_up


def test_there_is_no_other_segment(asked: TestClient) -> None:
    answer = asked.get("/api/v1/customers", params={"segment": "champion"})
    assert (answer.status_code, answer.json()["key"]) == (404, "views.no-such-segment")
    assert "champions" in answer.json()["detail"]


def test_a_customer_is_what_the_profile_and_the_reasons_say(asked: TestClient, workspace: Workspace) -> None:
    found = asked.get("/api/v1/customers/001379").json()
    why = asked.get("/api/v1/customers/001379/why").json()
    assert {name: found[name] for name in ("customer_id", "segment", "path", "segment_by_rule", "held_until")} == {
        name: why[name] for name in ("customer_id", "segment", "path", "segment_by_rule", "held_until")
    }
    assert (found["labels"], found["run"]) == (["Lost"], workspace.current.id)
    table = workspace.profiles.to_arrow()
    row = next(each for each in table.to_pylist() if each["customer_id"] == "001379")
    assert found["attributes"].items() >= {"recency_days": row["recency_days"], "frequency": row["frequency"]}.items()
    assert found["attributes"]["monetary_value"] == float(row["monetary_value"])
    days = {name: value for name, value in row.items() if type(value) is date}
    assert {name: found["attributes"][name] for name in days} == {name: str(day) for name, day in days.items()}


def test_a_page_goes_on_where_the_one_before_ended_though_the_run_is_another(shop: Path) -> None:
    with carpel.open(shop) as workspace:
        asked = TestClient(create_app(workspace), base_url=HOME)
        first = asked.get("/api/v1/customers", params={"limit": 10}).json()
        workspace.run()
        second = asked.get("/api/v1/customers", params={"limit": 10, "after": first["next"]}).json()
    assert first["run"] != second["run"]
    rows = [*first["customers"], *second["customers"]]
    assert rows == sorted(rows, key=lambda row: (-row["monetary_value"], row["customer_id"]))
    assert len({row["customer_id"] for row in rows}) == 20


def test_a_cursor_that_is_no_text_begins_no_page(asked: TestClient) -> None:
    half_of_a_pair = "7aCA"
    answer = asked.get("/api/v1/customers", params={"after": half_of_a_pair})
    assert (answer.status_code, answer.json()["key"]) == (404, "views.no-such-page")


def test_a_search_says_what_matched(asked: TestClient) -> None:
    every = [row for page in pages(asked) for row in page["customers"]]
    assert {tuple(row["matched"]) for row in every} == {()}
    found = asked.get("/api/v1/customers", params={"search": every[0]["customer_id"]}).json()["customers"]
    assert [(row["customer_id"], row["matched"]) for row in found] == [(every[0]["customer_id"], ["id"])]
