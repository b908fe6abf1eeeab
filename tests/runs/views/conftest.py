"""A small demo company with two runs, and DuckDB to ask the same questions by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import pytest

import carpel
from carpel.demo import generate
from carpel.workspace import Workspace

END = date(2025, 6, 30)
FIRST = date(2025, 5, 1)
NOW = datetime(2025, 6, 30, 4, tzinfo=UTC)

Ask: TypeAlias = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The company as of a day, after a run as of an earlier one."""
    folder = tmp_path_factory.mktemp("views") / "company"
    generate(folder, customers=500, seed=3, end=END)
    with carpel.open(folder) as workspace:
        workspace.run(as_of=FIRST.isoformat())
        workspace.run(as_of=END.isoformat())
        yield workspace


@pytest.fixture(scope="session")
def ask(company: Workspace) -> Ask:
    """Hand-written SQL over what the run wrote and the facts that it read."""
    return asking(company)


def asking(company: Workspace) -> Ask:
    """DuckDB with a view for each table; `placed` is every customer with segment and profile."""
    run = company.current
    connection = duckdb.connect()
    for name, table in run.facts.tables.items():
        connection.execute(f"CREATE VIEW {name} AS FROM read_parquet({_files(table.buckets)})")
    connection.execute(f"CREATE VIEW assignments AS FROM read_parquet({_files(run.assignments.files)})")
    connection.execute(f"CREATE VIEW profiles AS FROM read_parquet({_files(run.profiles.files)})")
    both = "SELECT a.segment, a.previous_segment, p.* FROM assignments a JOIN profiles p USING (customer_no)"
    connection.execute(f"CREATE VIEW placed AS {both}")
    return lambda query: connection.execute(query).fetchall()


def _files(paths: tuple[Path, ...]) -> str:
    return str([str(path) for path in paths])
