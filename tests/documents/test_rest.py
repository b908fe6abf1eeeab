"""The page about REST names every route and no other, and each example is answered as it shows."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import carpel
from carpel.api import create_app
from tests.api.test_api import HOME
from tests.api.test_faces_agree import DRAFT, EARLIER
from tests.cli.conftest import finished
from tests.documents.test_documents import matches
from tests.documents.test_reference import page, rows

__all__ = ["finished"]

PAGE = page("rest")
_FENCE = re.compile(r"^```http\n(.*?)\n\n→ (\d+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """A request, and what the page says of its answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: str
    status: int
    expected: str


def examples() -> list[Example]:
    found = []
    for asked, status, expected in _FENCE.findall(PAGE):
        head, _, body = asked.partition("\n\n")
        first, *headers = head.split("\n")
        method, path = first.split(" ")
        found.append(Example(method, path, dict(each.split(": ") for each in headers), body, int(status), expected))
    return found


@pytest.fixture(scope="module")
def asked(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = Path(shutil.copytree(finished, tmp_path_factory.mktemp("rest") / "acme"))
    with carpel.open(folder) as workspace:
        workspace.run(as_of=EARLIER)
        workspace.run()
        (folder / "schemes" / "customers.yaml").write_text(DRAFT, encoding="utf-8")
        yield TestClient(create_app(workspace), base_url=HOME)


@pytest.mark.parametrize("example", examples(), ids=lambda each: f"{each.method} {each.path}")
def test_a_request_is_answered_as_shown(asked: TestClient, example: Example) -> None:
    run = asked.get("/health/ready").json()["run"]
    asked.get("/api/v1/customers/001379")
    path, expected = example.path.replace("{run}", run), example.expected.replace("{run}", run)
    path = path.replace("{model}", "value")
    answer = asked.request(example.method, path, headers=example.headers, content=example.body or None)
    is_json = "json" in answer.headers["content-type"]
    shown = json.dumps(answer.json(), ensure_ascii=False, indent=2) if is_json else answer.text
    assert answer.status_code == example.status
    assert matches(expected, shown), shown


def test_every_route_is_named_and_shown_and_no_other(asked: TestClient) -> None:
    described = asked.get("/api/v1/openapi.json").json()["paths"]
    routes = {(method.upper(), path) for path, methods in described.items() for method in methods}
    assert {(cells[0].strip("| "), cells[1].strip("`")) for cells in rows(PAGE, "method")} == routes
    shown = {(each.method, each.path.partition("?")[0].replace("001379", "{customer}")) for each in examples()}
    assert routes <= shown


def test_every_status_is_explained(asked: TestClient) -> None:
    described = asked.get("/api/v1/openapi.json").json()["paths"]
    promised = {status for methods in described.values() for each in methods.values() for status in each["responses"]}
    assert promised - {"200"} <= {cells[0].strip("| ") for cells in rows(PAGE, "status")}
