"""Fixtures that every test may ask for."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from carpel.engine import open_engine
from carpel.kernel.engine import Engine

ROOT = Path(__file__).parent.parent
NO_DATA = "CARPEL_DATA is absent"

settings.register_profile("carpel", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("carpel")


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data sets; the test is skipped where there is none."""
    folder = Path(os.environ.get("CARPEL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(NO_DATA)
    return folder.resolve()


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The default engine."""
    opened = open_engine("duckdb", threads=2)
    yield opened
    opened.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a skipped test is a failure, unless what it lacks is the real data."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if not os.environ.get("CI") or reporter is None:
        return
    skipped = [each for each in reporter.stats.get("skipped", []) if NO_DATA not in str(each.longrepr)]
    if skipped:
        reporter.write_line(f"{len(skipped)} tests skipped for a reason that CI does not take", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
