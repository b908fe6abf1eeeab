"""Whatever a command prints as JSON, the service answers, in each reader's language."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import carpel as api
from carpel.api import create_app
from carpel.kernel.texts import LANGUAGES
from tests.api.test_api import HOME
from tests.cli.conftest import Run, carpel, finished

__all__ = ["carpel", "finished"]

EARLIER = "2025-03-01"
YAML = {"Content-Type": "application/yaml"}
DRAFT = """scheme: customers
label: {en: Two, zh-Hans: 二, zh-Hant: 二, fil: Dalawa}
segments:
  - {key: large, label: {en: Large, zh-Hans: 大}, when: monetary_value >= 20000, owner: maria.santos}
  - {key: others, otherwise: true}
"""


@pytest.fixture(scope="module")
def travelled(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two runs of different days, and a file that is not what is published."""
    folder = Path(shutil.copytree(finished, tmp_path_factory.mktemp("travelled") / "acme"))
    with api.open(folder) as workspace:
        workspace.run(as_of=EARLIER)
        workspace.run()
    (folder / "schemes" / "customers.yaml").write_text(DRAFT, encoding="utf-8")
    return folder


@pytest.fixture
def asked(travelled: Path) -> Iterator[TestClient]:
    with api.open(travelled) as workspace:
        yield TestClient(create_app(workspace), base_url=HOME)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "command"),
    [
        ("segments", "segments"),
        ("attributes", "attributes"),
        ("models", "model list"),
        ("plan", "plan"),
        ("moves", "scheme moves"),
        (f"moves?from={EARLIER}&to=2025-06-01", f"scheme moves --from {EARLIER} --to 2025-06-01"),
        ("customers/001379/why", "explain 001379"),
        ("customers/001379/outlook", "outlook 001379"),
        ("customers/001379/memberships", "scheme membership 001379"),
    ],
)
def test_a_path_answers_what_a_command_prints(
    asked: TestClient, carpel: Run, travelled: Path, path: str, command: str, language: str
) -> None:
    answer = asked.get(f"/api/v1/{path}", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert answer.json() == json.loads(carpel(*command.split(), "-w", travelled, "--json", "--lang", language).out)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_counted_as_a_file_is(asked: TestClient, carpel: Run, travelled: Path, language: str) -> None:
    text = (travelled / "schemes" / "customers.yaml").read_bytes()
    answer = asked.post("/api/v1/schemes/preview", content=text, headers={**YAML, "Accept-Language": language})
    told = carpel("scheme", "preview", "-w", travelled, "--json", "--lang", language).out
    assert answer.json() == json.loads(told)
    assert sum(each["customers"] for each in answer.json()["segments"]) == answer.json()["base"]


def test_a_run_says_what_the_segments_say(asked: TestClient) -> None:
    segments = asked.get("/api/v1/segments").json()
    run = asked.get(f"/api/v1/runs/{segments['run']}").json()
    found = run["found"]
    assert (run["state"], run["as_of"], run["problem"]) == ("current", segments["as_of"], None)
    assert (found["base"], found["outside_base"]) == (segments["base"], segments["outside_base"])
    leaves = {each["key"]: each for each in segments["segments"]}
    assert all(each.items() <= leaves[each["key"]].items() for each in found["segments"])
    assert found["rests"].items() <= segments["rests"].items()
    assert set(map(len, found["checks"].values())) == {0}
    assert set(map(type, found["timings"].values())) == {float}


def test_a_run_that_is_no_longer_kept_is_remembered(asked: TestClient, travelled: Path) -> None:
    oldest = asked.get("/api/v1/runs").json()["runs"][-1]
    shutil.rmtree(travelled / ".carpel" / "runs" / oldest["run"])
    assert asked.get(f"/api/v1/runs/{oldest['run']}").json() == {**oldest, "problem": None, "found": None}


@pytest.mark.parametrize("run", ["nothing", "..", "..%2F..", "%2e%2e%2fstore.sqlite"])
def test_there_is_no_other_run(asked: TestClient, run: str) -> None:
    assert asked.get(f"/api/v1/runs/{run}").status_code == 404


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        (b"scheme: [1", "kernel.yaml-open-bracket", "preview:1:"),
        (b"scheme: x\nsegments: [{key: a, when: recency > 1}, {key: b, otherwise: true}]", None, "preview:2:"),
        (b"\xff", "kernel.yaml-not-utf8", "preview"),
        (b"a: &x [1]\nb: [*x, *x]", "kernel.yaml-alias", "preview:1:4"),
        (b"[" * 100_000, "kernel.yaml-too-deep", "preview:1:"),
        (b"", None, "preview"),
    ],
)
def test_a_text_that_is_no_scheme_is_told_with_its_place(
    asked: TestClient, text: bytes, key: str | None, place: str
) -> None:
    answer = asked.post("/api/v1/schemes/preview", content=text, headers=YAML)
    problem = answer.json()
    assert answer.status_code == 422
    assert key in {None, problem["key"]}
    assert problem["place"].startswith(place)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", ""])
def test_a_text_that_is_not_sent_as_yaml_is_refused(asked: TestClient, kind: str) -> None:
    answer = asked.post("/api/v1/schemes/preview", content=DRAFT, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["key"]) == (415, "api.not-understood")


def test_a_customer_whom_no_run_has_met_has_been_nowhere(asked: TestClient) -> None:
    answer = asked.get("/api/v1/customers/nobody/memberships")
    assert (answer.status_code, answer.json()["key"]) == (404, "workspace.no-membership")


def test_an_id_may_hold_a_slash(asked: TestClient) -> None:
    answer = asked.get("/api/v1/customers/A%2F1/why")
    assert (answer.status_code, answer.json()["key"]) == (404, "workspace.no-such-customer")
    assert "A/1" in answer.json()["detail"]
