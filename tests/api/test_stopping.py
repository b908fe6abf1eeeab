"""`carpel serve` as a process: it says what is wrong with its settings, and stops without cutting anyone off."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import Run, carpel, finished

__all__ = ["carpel", "finished"]

PROGRAM = str(Path(sys.executable).with_name("carpel"))
BODY = json.dumps({"customers": ["001379"]}).encode()


@contextmanager
def served(workspace: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    environment = os.environ | {f"CARPEL_SERVE_{name.upper()}": value for name, value in settings.items()}
    command = [PROGRAM, "serve", "-w", str(workspace), "--port", "0", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as server:
        assert server.stdout
        try:
            address = json.loads("".join(server.stdout.readline() for _ in range(4)))["address"]
            yield server, urlsplit(address).port or 0
        finally:
            server.kill()


def begin(port: int) -> socket.socket:
    """A request that is under way: the server has asked for the rest of it."""
    asking = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"POST /api/v1/customers/why HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(BODY)}\r\n"
    asking.sendall(f"{head}Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n".encode())
    assert asking.recv(1000).startswith(b"HTTP/1.1 100 ")
    return asking


def refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=30).close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        # It stood in the queue at the moment when the server stopped listening.
        return False
    return False


def test_a_request_under_way_is_answered_before_it_stops(finished: Path) -> None:
    with served(finished) as (server, port), begin(port) as asking:
        server.send_signal(signal.SIGTERM)
        while not refused(port):
            pass
        asking.sendall(BODY)
        with asking.makefile("rb") as answer:
            assert answer.readline().startswith(b"HTTP/1.1 200 ")
        assert server.wait(timeout=30) == 0
        assert server.stderr
        logged = [json.loads(line) for line in server.stderr]
    assert [line["event"] for line in logged] == ["listening", "request", "stopped"]


def test_a_request_that_does_not_come_to_its_end_is_given_up(finished: Path) -> None:
    with served(finished, grace_seconds="1") as (server, port), begin(port):
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


def test_it_logs_only_what_it_is_told_to(finished: Path) -> None:
    with served(finished, log_level="error") as (server, port):
        connection = HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/api/v1/segments")
        assert connection.getresponse().status == 200
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0
        assert server.stderr
        assert server.stderr.read() == ""


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [("PORT", "x", "api.not-whole"), ("HOST", "192.0.2.1", "api.host-not-loopback")],
)
def test_it_does_not_start_with_a_setting_that_cannot_be(
    carpel: Run, finished: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, key: str
) -> None:
    monkeypatch.setenv(f"CARPEL_SERVE_{name}", value)
    done = carpel("serve", "-w", finished, "--json")
    told = json.loads(done.err)
    assert (done.code, told["error"], told["place"]) == (1, key, f"CARPEL_SERVE_{name}")
