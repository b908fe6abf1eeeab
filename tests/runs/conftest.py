"""One tiny workspace with a current run, and its store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from carpel.kernel.engine import Engine
from carpel.runs import Run, RunStore, Settings
from carpel.store import open_store
from tests.runs.workspaces import make, tiny, with_engine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A workspace of its own."""
    return tiny(tmp_path / "tiny")


@pytest.fixture
def store(settings: Settings) -> Iterator[RunStore]:
    """Its store."""
    opened = open_store("sqlite", settings.folder)
    yield opened
    opened.close()


@pytest.fixture
def made(settings: Settings, store: RunStore) -> Run:
    """Its first run."""
    return make(settings, store)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run that tests only look at."""
    settings = tiny(tmp_path_factory.mktemp("shared") / "tiny")
    opened = open_store("sqlite", settings.folder)
    made = make(settings, opened)
    opened.close()
    return made


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine besides those that runs open for themselves."""
    opened = with_engine()
    yield opened
    opened.close()
