"""Whoever runs the service sees how it does, and nothing about any customer."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

import carpel
from carpel.api import create_app
from carpel.api.bodies import LARGEST
from carpel.api.logs import configure_logs
from carpel.api.settings import KEYS, ServiceSettings, service_settings
from carpel.kernel.errors import CarpelError
from carpel.kernel.yaml import read_yaml
from carpel.runs.settings import settings_from
from tests.api.test_api import HOME
from tests.cli.conftest import finished

__all__ = ["finished"]

ASKED = "001379"


@pytest.fixture
def app(finished: Path) -> Iterator[FastAPI]:
    with carpel.open(finished) as workspace:
        app = create_app(workspace)
        app.get("/api/v1/broken/{customer}")(_broken)
        yield app


def _broken(customer: str) -> None:
    raise KeyError(customer)


@pytest.fixture
def asked(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=HOME)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs(ServiceSettings(log_level="debug"), stream)
    yield stream
    root.handlers[:], root.level = before


def lines(logged: io.StringIO) -> list[dict[str, Any]]:
    """What the service itself logged; each line is one object."""
    every = [json.loads(line) for line in logged.getvalue().splitlines()]
    return [line for line in every if "request_id" in line]


@pytest.mark.parametrize("wish", ["abc-1.2_Z", "x" * 64])
def test_a_request_keeps_the_id_that_it_brings(asked: TestClient, wish: str) -> None:
    answer = asked.get("/api/v1/nothing", headers={"X-Request-ID": wish})
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == wish


@pytest.mark.parametrize("wish", ["", "x" * 65, "a b", "a;b", "<script>"])
def test_a_request_without_a_proper_id_gets_one(asked: TestClient, wish: str) -> None:
    ids = [asked.get("/health/live", headers={"X-Request-ID": wish}).headers["x-request-id"] for _ in range(2)]
    assert wish not in ids
    assert len(set(ids)) == 2
    assert all(len(each) == 32 for each in ids)


def test_an_unexpected_error_is_a_problem_whose_trace_is_in_the_log_alone(
    asked: TestClient, logged: io.StringIO
) -> None:
    answer = asked.get(f"/api/v1/broken/{ASKED}", headers={"X-Request-ID": "mine"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert (answer.json()["key"], answer.json()["request_id"]) == ("api.unexpected", "mine")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "KeyError" not in answer.text
    error = next(line for line in lines(logged) if line["event"] == "unexpected")
    assert (error["request_id"], error["level"], error["error"]) == ("mine", "error", "KeyError")
    assert "_broken" in error["trace"][-1]


def test_logs_say_nothing_about_any_customer(asked: TestClient, logged: io.StringIO) -> None:
    for path in ("customers/{}/why", "nothing/{}", "segments?search={}", "runs?limit={}x", "broken/{}"):
        asked.get(f"/api/v1/{path.format(ASKED)}")
    asked.post("/api/v1/customers/why", json={"customers": [ASKED, "nobody"]})
    asked.request(ASKED, "/api/v1/segments")
    assert ASKED not in logged.getvalue()
    told = [(line["method"], line["route"], line["status"]) for line in lines(logged) if line["event"] == "request"]
    assert told[:3] == [
        ("GET", "/api/v1/customers/{customer}/why", 200),
        ("GET", "unmatched", 404),
        ("GET", "/api/v1/segments", 422),
    ]
    assert all({"timestamp", "level", "seconds"} <= line.keys() for line in lines(logged) if line["event"] == "request")


def test_metrics_count_requests_by_route_and_say_how_old_the_current_run_is(asked: TestClient) -> None:
    for path in (f"/api/v1/customers/{ASKED}/why", "/api/v1/customers/nobody/why", f"/{ASKED}"):
        asked.get(path)
    asked.request(ASKED, "/api/v1/segments")
    told = asked.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    assert ASKED not in told.text
    samples = [each for family in text_string_to_metric_families(told.text) for each in family.samples]
    labels = ("route", "method", "status")
    counted = {
        tuple(each.labels[name] for name in labels): each.value
        for each in samples
        if each.name == "carpel_http_requests_total"
    }
    why = "/api/v1/customers/{customer}/why"
    assert {(why, "GET", "200"): 1, (why, "GET", "404"): 1, ("unmatched", "GET", "404"): 1}.items() <= counted.items()
    assert [method for _, method, status in counted if status == "405"] == ["other"]
    assert any(each.name == "carpel_http_request_seconds_bucket" for each in samples)
    assert next(each.value for each in samples if each.name == "carpel_current_run_age_seconds") > 0


def test_before_the_first_run_there_is_no_age(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "carpel.yaml").write_bytes((finished / "carpel.yaml").read_bytes())
    with carpel.open(tmp_path) as workspace:
        told = TestClient(create_app(workspace), base_url=HOME).get("/metrics").text
    assert "carpel_current_run_age_seconds" not in [line.split(" ")[0] for line in told.splitlines()]


def test_a_request_that_is_too_large_is_refused(asked: TestClient) -> None:
    answer = asked.post("/api/v1/customers/why", json={"customers": ["x" * LARGEST]})
    assert (answer.status_code, answer.json()["key"]) == (413, "api.too-large")
    in_parts = asked.post("/api/v1/customers/why", content=(b"x" * 1000 for _ in range(LARGEST // 500)))
    assert (in_parts.status_code, in_parts.json()["key"]) == (413, "api.too-large")


def test_settings_come_from_the_file_and_the_environment_wins() -> None:
    written = read_yaml("{port: 8080, log_format: json, grace_seconds: 3}", "carpel.yaml")
    found = service_settings(written, {"CARPEL_SERVE_PORT": "9000", "CARPEL_SERVE_HOST": "::1", "OTHER": "x"})
    assert found == ServiceSettings(host="::1", port=9000, log_format="json", grace_seconds=3)
    assert service_settings(read_yaml("", ""), {}) == ServiceSettings()


@pytest.mark.parametrize(
    ("written", "environment", "key", "place"),
    [
        ("{prot: 1}", {}, "api.unknown-setting", "carpel.yaml:1:8"),
        ("", {"CARPEL_SERVE_PROT": "1"}, "api.unknown-setting", "CARPEL_SERVE_PROT"),
        ("{port: 65536}", {}, "api.not-whole", "carpel.yaml:1:8"),
        ("{port: true}", {}, "api.not-whole", "carpel.yaml:1:8"),
        ("", {"CARPEL_SERVE_GRACE_SECONDS": "-1"}, "api.not-whole", "CARPEL_SERVE_GRACE_SECONDS"),
        ("{log_level: loud}", {}, "api.not-one-of", "carpel.yaml:1:13"),
        ("", {"CARPEL_SERVE_LOG_FORMAT": "xml"}, "api.not-one-of", "CARPEL_SERVE_LOG_FORMAT"),
        ("{host: 192.0.2.1}", {}, "api.host-not-loopback", "carpel.yaml:1:8"),
        ("[8000]", {}, "kernel.yaml-not-mapping", "carpel.yaml:1:1"),
        ("{port: [1]}", {}, "kernel.yaml-not-text", "carpel.yaml:1:8"),
    ],
)
def test_a_setting_that_cannot_be_is_told_with_its_place(
    written: str, environment: dict[str, str], key: str, place: str
) -> None:
    with pytest.raises(CarpelError) as error:
        service_settings(read_yaml(written, "carpel.yaml"), environment)
    assert (error.value.text.key, error.value.place) == (key, place)


def test_carpel_yaml_may_tell_the_service_how_to_work(tmp_path: Path) -> None:
    sources = "{shop: {files: x.csv, tables: {customers: {customer_id: id}}}}"
    content = f"{{currency: PHP, sources: {sources}, serve: {{log_level: debug}}}}"
    settings = settings_from(read_yaml(content, "carpel.yaml"), tmp_path)
    assert service_settings(settings.serve, {}).log_level == "debug"
    assert set(KEYS) == {"host", "port", "log_level", "log_format", "grace_seconds"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "LOCALHOST"])
def test_this_machine_is_asked_by_any_of_its_own_names(asked: TestClient, host: str) -> None:
    assert asked.get("/health/live", headers={"Host": host}).status_code == 200


def test_a_page_elsewhere_may_lead_here_and_not_ask(asked: TestClient) -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    refused = asked.get("/api/v1/segments", headers={**elsewhere, "Sec-Fetch-Mode": "no-cors"})
    assert (refused.status_code, refused.json()["key"]) == (403, "api.another-site")
    assert asked.get("/api/v1/segments", headers={**elsewhere, "Sec-Fetch-Mode": "navigate"}).status_code == 200
    assert asked.get("/api/v1/segments", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "[::2]", ""])
def test_another_name_is_refused_as_a_problem(asked: TestClient, host: str) -> None:
    answer = asked.get("/health/live", headers={"Host": host})
    assert (answer.status_code, answer.json()["key"]) == (400, "api.another-host")
