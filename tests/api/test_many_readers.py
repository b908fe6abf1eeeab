"""Many readers at once, while a run becomes current: no error, and every answer is of one run."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import uvicorn

import carpel
from carpel.api import create_app
from carpel.api.serving import listening
from carpel.api.settings import ServiceSettings
from carpel.workspace import Workspace
from tests.cli.conftest import finished, shop

__all__ = ["finished", "shop"]

READERS = 8
EARLIER = "2025-03-01"
BETWEEN = "2025-05-01"
SCHEME = """scheme: drafted
segments: [{key: fresh, when: recency_days < 60}, {key: others, otherwise: true}]
"""
QUESTIONS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/api/v1/segments", None),
    ("GET", "/api/v1/customers/001379/why", None),
    ("POST", "/api/v1/customers/why", {"customers": ["001379", "001386"]}),
    ("GET", "/api/v1/customers?limit=30", None),
    ("GET", "/api/v1/customers/001379", None),
    ("GET", "/api/v1/moves", None),
    ("GET", "/api/v1/customers/001386/memberships", None),
    ("GET", "/api/v1/plan", None),
    ("POST", "/api/v1/schemes/preview", SCHEME),
)
"""Those whose answer depends on nothing but the run."""
OTHERS = ("/api/v1/attributes", "/api/v1/runs", "/health/live", "/health/ready", "/metrics", "/api/v1/openapi.json")


@contextmanager
def served(workspace: Workspace) -> Iterator[int]:
    """A server in a thread of this process."""
    settings = ServiceSettings(port=0)
    with listening(settings) as listener:
        server = uvicorn.Server(uvicorn.Config(create_app(workspace), log_config=None, access_log=False))
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            serving.join()


def ask(connection: HTTPConnection, method: str, path: str, body: Any = None) -> str:
    is_text = isinstance(body, str)
    headers = {"Content-Type": f"application/{'yaml' if is_text else 'json'}"} if body else {}
    connection.request(method, path, body=body if body is None or is_text else json.dumps(body), headers=headers)
    answer = connection.getresponse()
    content = answer.read().decode()
    assert answer.status == 200, (path, content)
    return content


def answers(port: int) -> tuple[str, ...]:
    connection = HTTPConnection("127.0.0.1", port)
    return tuple(ask(connection, *question) for question in QUESTIONS)


def test_each_answer_is_of_one_run_while_another_becomes_current(shop: Path) -> None:
    with carpel.open(shop) as workspace, carpel.open(shop) as running, served(workspace) as port:
        running.run(as_of=EARLIER)
        running.run(as_of=BETWEEN)
        before, done = answers(port), threading.Event()

        def read(_: int) -> list[tuple[str, ...]]:
            connection, found = HTTPConnection("127.0.0.1", port), list[tuple[str, ...]]()
            while not done.is_set():
                found.append(answers(port))
                for path in OTHERS:
                    ask(connection, "GET", path)
            return [*found, answers(port)]

        with ThreadPoolExecutor(READERS) as readers:
            reading = [readers.submit(read, number) for number in range(READERS)]
            try:
                running.run()
            finally:
                done.set()
            found = [each for one in reading for each in one.result()]
        after = answers(port)
    for number, question in enumerate(QUESTIONS):
        assert before[number] != after[number]
        seen = {each[number] for each in found}
        assert after[number] in seen <= {before[number], after[number]}, question
