"""A browser, and the site that it looks at."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from carpel.demo import generate
from carpel.web import create_site
from carpel.workspace import open as open_workspace
from tests.browser.company import company
from tests.servers import INSTALL, browser_program

START_SECONDS = 30


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    program = browser_program()
    if program is None:
        pytest.skip(f"No Chromium is installed: {INSTALL}")
    with sync_playwright() as playwright:
        # Root, as in a container, may not use the sandbox; the only pages looked at are our own.
        opened = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--font-render-hinting=none"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a current run and a past."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with served(company(shared)) as address:
        yield address


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site before its first run."""
    folder = tmp_path_factory.mktemp("empty") / "sibol"
    generate(folder, customers=20, seed=1)
    shutil.rmtree(folder / ".carpel", ignore_errors=True)
    with served(folder) as address:
        yield address


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A workspace's site on a free port of this machine."""
    with open_workspace(folder) as workspace, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = uvicorn.Server(uvicorn.Config(create_site(workspace), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(START_SECONDS)
