"""How one may ask: for headers alone, with the parameters that there are; and mistakes are told in words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import carpel
from carpel.kernel.texts import LANGUAGES
from carpel.web import create_site
from tests.api.test_api import HOME
from tests.cli.conftest import finished, shop

__all__ = ["finished", "shop"]


@pytest.fixture
def asked(finished: Path) -> Iterator[TestClient]:
    with carpel.open(finished) as workspace:
        yield TestClient(create_site(workspace), base_url=HOME)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/customers", "/customers/001379", "/data", "/nowhere", "/metrics", "/health/live", "/health/ready"),
        *("/api/v1/openapi.json", "/api/v1/segments", "/api/v1/customers/001379/why", "/api/v1/runs/none"),
    ],
)
def test_head_is_get_without_a_body(asked: TestClient, path: str) -> None:
    got, head = asked.get(path), asked.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    varying = {"x-request-id", "content-length"}
    assert {each: head.headers[each] for each in {*head.headers} - varying} == {
        each: got.headers[each] for each in {*got.headers} - varying
    }


def test_what_cannot_be_got_has_no_head(asked: TestClient) -> None:
    assert asked.head("/api/v1/schemes/preview").status_code in {404, 405}


def test_the_log_and_the_counts_name_the_route_of_a_head(asked: TestClient) -> None:
    asked.head("/api/v1/customers/001379")
    assert 'method="HEAD",route="/api/v1/customers/{customer}"' in asked.get("/metrics").text.replace(" ", "").replace(
        ":path", ""
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/api/v1/segments", "/api/v1/nowhere", "/nowhere"])
def test_an_answer_names_its_language(asked: TestClient, path: str, language: str) -> None:
    assert asked.get(path, headers={"Accept-Language": language}).headers["content-language"] == language


@pytest.mark.parametrize(
    ("path", "name", "hint"),
    [
        ("/api/v1/customers?serach=santos", "serach", "Did you mean search?"),
        ("/api/v1/customers?foo=1&limit=2", "foo", ""),
        ("/api/v1/segments?foo=1", "foo", ""),
        ("/api/v1/moves?form=2026-01-01", "form", "Did you mean from?"),
    ],
)
def test_a_parameter_that_nobody_takes_is_refused(asked: TestClient, path: str, name: str, hint: str) -> None:
    answer = asked.get(path)
    problem = answer.json()
    assert (answer.status_code, problem["key"], problem["place"]) == (422, "api.no-such-parameter", name)
    assert problem["detail"].rstrip().endswith(hint or f"takes no parameter {name}.")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/v1/runs?limit=0", "query.limit: it must be 1 or more"),
        ("/api/v1/runs?limit=9999999", "query.limit: it must be 500 or less"),
        ("/api/v1/runs?limit=x", "query.limit: it must be a whole number"),
        ("/api/v1/moves?from=yesterday", "query.from: it must be a day, written as 2026-03-31"),
        (f"/api/v1/customers?search={'x' * 201}", "query.search: it is longer than 200 letters"),
    ],
)
def test_a_parameter_that_cannot_be_is_told_in_words(asked: TestClient, path: str, said: str) -> None:
    answer = asked.get(path)
    assert (answer.status_code, answer.json()["key"]) == (422, "api.not-understood")
    assert answer.json()["detail"].startswith(said)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"json": {"customers": []}}, "body.customers: its elements must be 1 or more"),
        ({"json": {"customers": [1]}}, "body.customers.0: it must be a text in UTF-8"),
        ({"json": {"customers": "001379"}}, "body.customers: it must be a list"),
        ({"json": {}}, "body.customers: it is missing"),
        ({"content": "{", "headers": {"Content-Type": "application/json"}}, "body.1: it is no JSON"),
        ({"content": "[]", "headers": {"Content-Type": "text/plain"}}, "body: it must be a JSON object, sent as appl"),
    ],
)
def test_a_body_that_cannot_be_is_told_in_words(asked: TestClient, sent: Any, said: str) -> None:
    answer = asked.post("/api/v1/customers/why", **sent)
    assert (answer.status_code, answer.json()["key"]) == (422, "api.not-understood")
    assert answer.json()["detail"].startswith(said)


def test_runs_and_data_are_told_though_the_current_run_is_gone(shop: Path) -> None:
    with carpel.open(shop) as workspace:
        run = workspace.current
    shutil.rmtree(run.folder)
    with carpel.open(shop) as workspace:
        asked = TestClient(create_site(workspace), base_url=HOME)
        told = asked.get("/api/v1/runs")
        assert (told.status_code, told.json()["current"]) == (200, run.id)
        assert asked.get(f"/api/v1/runs/{run.id}").json()["found"] is None
        assert asked.get("/data").status_code == 200
        assert asked.get("/").status_code == 409


@pytest.mark.parametrize(
    ("query", "key", "place"),
    [
        ("from=1990-01-01", "runs.as-of-before-first", "from"),
        ("from=2025-06-01&to=2025-05-01", "runs.moves-order", "from"),
        ("from=2025-06-01&to=2100-01-01", "runs.past-after-run", "to"),
    ],
)
def test_a_day_that_cannot_be_is_told_by_its_parameter(asked: TestClient, query: str, key: str, place: str) -> None:
    problem = asked.get(f"/api/v1/moves?{query}").json()
    assert (problem["key"], problem["place"]) == (key, place)
