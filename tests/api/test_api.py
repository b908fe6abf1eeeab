"""Over HTTP a script reads the same as on the command line, in its reader's language, and errors say what to do."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.responses import PlainTextResponse
from fastapi.testclient import TestClient

import carpel as api
from carpel.api import create_app
from carpel.api.asking import preferred
from carpel.kernel.texts import LANGUAGES
from tests.cli.conftest import Run, carpel, finished, shop

__all__ = ["carpel", "finished", "shop"]

HOME = "http://127.0.0.1"


@pytest.fixture
def asked(finished: Path) -> Iterator[TestClient]:
    with api.open(finished) as workspace:
        yield TestClient(create_app(workspace), base_url=HOME, raise_server_exceptions=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_segments_are_those_of_the_command_line(asked: TestClient, carpel: Run, finished: Path, language: str) -> None:
    answer = asked.get("/api/v1/segments", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.json() == json.loads(carpel("segments", "-w", finished, "--json", "--lang", language).out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_why_is_that_of_the_command_line_for_one_and_for_many(
    asked: TestClient, carpel: Run, finished: Path, language: str
) -> None:
    headers = {"Accept-Language": language}
    one = asked.get("/api/v1/customers/001379/why", headers=headers)
    told = json.loads(carpel("explain", "001379", "-w", finished, "--json", "--lang", language).out)
    assert one.json() == told
    many = asked.post("/api/v1/customers/why", headers=headers, json={"customers": ["001379", "001379"]})
    assert many.json() == [told, told]


def test_the_current_run_is_among_the_runs(asked: TestClient) -> None:
    found = asked.get("/api/v1/runs").json()
    assert found["current"] in {each["run"] for each in found["runs"]}
    assert asked.get("/health/ready").json() == {"run": found["current"]}
    assert asked.get("/health/live").json() == {"alive": True}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "key"),
    [
        ("GET", "/api/v1/customers/nobody/why", None, 404, "workspace.no-such-customer"),
        ("POST", "/api/v1/customers/why", {"customers": ["nobody", "no-one"]}, 404, "workspace.no-such-customers"),
        ("POST", "/api/v1/customers/why", {"customers": []}, 422, "api.not-understood"),
        ("POST", "/api/v1/customers/why", {"customers": [1]}, 422, "api.not-understood"),
        ("GET", "/api/v1/runs?limit=0", None, 422, "api.not-understood"),
        ("GET", "/api/v1/nothing", None, 404, "api.nothing-here"),
        ("DELETE", "/api/v1/segments", None, 405, "api.no-such-method"),
    ],
)
def test_errors_are_problems_in_the_readers_language(
    asked: TestClient, method: str, path: str, body: object, status: int, key: str
) -> None:
    told = [asked.request(method, path, json=body, headers={"Accept-Language": each}) for each in LANGUAGES]
    assert {each.status_code for each in told} == {status}
    assert {each.headers["content-type"] for each in told} == {"application/problem+json"}
    assert {each.json()["key"] for each in told} == {key}
    assert len({each.json()["detail"] for each in told}) == len(LANGUAGES)


def test_before_the_first_run_it_lives_but_is_not_ready(shop: Path) -> None:
    shutil.rmtree(shop / ".carpel")
    with api.open(shop) as workspace:
        asked = TestClient(create_app(workspace), base_url=HOME)
        assert asked.get("/health/live").status_code == 200
        answers = [asked.get(path) for path in ("/health/ready", "/api/v1/segments", "/api/v1/customers/1/why")]
        assert [(each.status_code, each.json()["key"]) for each in answers] == [(503, "runs.no-current")] * 3
        assert asked.get("/api/v1/runs").json() == {"current": None, "runs": []}


def test_a_run_that_becomes_current_is_what_the_next_request_reads(shop: Path) -> None:
    with api.open(shop) as serving, api.open(shop) as running:
        asked = TestClient(create_app(serving), base_url=HOME)
        before = asked.get("/api/v1/segments").json()["run"]
        made = running.run().id
        assert asked.get("/api/v1/segments").json()["run"] == made != before


def test_a_page_elsewhere_that_points_its_name_here_is_refused(asked: TestClient) -> None:
    assert asked.get("/api/v1/segments", headers={"Host": "elsewhere.example"}).status_code == 400


def test_every_answer_forbids_guessing_and_keeping(asked: TestClient) -> None:
    for path in ("/api/v1/segments", "/api/v1/nothing", "/health/live", "/api/v1/openapi.json"):
        headers = asked.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_a_page_beside_the_api_may_allow_itself_more(finished: Path) -> None:
    policy = "default-src 'none'; style-src 'self'"
    with api.open(finished) as workspace:
        app = create_app(workspace)
        app.get("/page")(lambda: PlainTextResponse("page", headers={"Content-Security-Policy": policy}))
        headers = TestClient(app, base_url=HOME).get("/page").headers
    assert (headers["content-security-policy"], headers["x-content-type-options"]) == (policy, "nosniff")


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        (None, "en"),
        ("", "en"),
        ("fil", "fil"),
        ("en;q=0.5, zh-TW", "zh-Hant"),
        ("fil;q=0.2, zh-CN;q=0.9, zh-TW;q=x", "zh-Hans"),
        ("de, fr;q=0.9, fil;q=0.5", "fil"),
        ("fil;q=0, zh-CN;q=0.1", "zh-Hans"),
        (";", "en"),
    ],
)
def test_the_language_is_the_one_that_is_wanted_most(header: str | None, wish: str) -> None:
    assert preferred(header) == wish


def test_the_description_names_every_route_and_its_problems(asked: TestClient) -> None:
    described = asked.get("/api/v1/openapi.json").json()
    assert {"/api/v1/segments", "/api/v1/customers/{customer}/why", "/api/v1/customers/why", "/api/v1/runs"} <= set(
        described["paths"]
    )
    why = described["paths"]["/api/v1/customers/{customer}/why"]["get"]["responses"]
    assert {"200", "404", "409", "422", "503"} <= set(why)


def test_serve_listens_on_loopback_answers_and_stops_when_asked(finished: Path) -> None:
    program = Path(sys.executable).with_name("carpel")
    command = [str(program), "serve", "-w", str(finished), "--port"]
    with subprocess.Popen([*command, "0", "--json"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = json.loads("".join(server.stdout.readline() for _ in range(4)))["address"]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}/api/v1/segments", timeout=30) as answer:  # noqa: S310  our own server
            assert json.load(answer)["base"] == 96
        taken = address.rpartition(":")[2]
        second = subprocess.run([*command, taken], capture_output=True, text=True, check=False)
        assert (second.returncode, "--port" in second.stderr) == (1, True)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) in {0, -signal.SIGTERM}
