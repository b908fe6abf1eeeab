"""The same tests on SQLite and on a real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from carpel.runs.records import RunStore
from carpel.store import open_store
from tests.servers import PostgreSQL, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """One server for all tests of a process."""
    with postgresql() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """What `store:` of carpel.yaml says; an empty database each time."""
    if request.param == "sqlite":
        return "sqlite"
    running: PostgreSQL = request.getfixturevalue("server")
    return running.new_database()


@pytest.fixture
def open_another(address: str, tmp_path: Path) -> Iterator[Callable[..., RunStore]]:
    """Opens the test's store, as another process would."""
    opened: list[RunStore] = []

    def another(workspace: str = "acme") -> RunStore:
        opened.append(open_store(address, tmp_path, workspace=workspace))
        return opened[-1]

    yield another
    for each in opened:
        each.close()


@pytest.fixture
def store(open_another: Callable[..., RunStore]) -> RunStore:
    """A new store."""
    return open_another()
