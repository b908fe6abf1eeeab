"""Spark beside DuckDB. It starts once for all tests, and only where a test asks for it."""

from collections.abc import Iterator

import pytest

from carpel.engine import open_engine
from carpel.engine.spark_session import java
from carpel.kernel.engine import Engine
from tests.servers import INSTALL


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    """Spark with two threads in this process."""
    if java() is None:
        pytest.skip(f"Java is not installed: {INSTALL}")
    opened = open_engine("local[2]")
    yield opened
    opened.close()
