"""What the tests of reading share: a file written, looked at, landed and read back."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from carpel.kernel.types import ValueType
from carpel.sources.reading import Dataset, Landed, ReadOptions, land, survey

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write bytes or text to a file of a temporary folder."""

    def written(content: str | bytes, name: str = "data.csv") -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def looked_at(path: Path, **options: Any) -> Dataset:
    """The only data set of a place."""
    (dataset,) = survey([path], options=ReadOptions(**options))
    return dataset


def landed(
    path: Path, to: Path, wanted: Mapping[str, ValueType] | None = None, **options: Any
) -> tuple[Landed, dict[str, list[Any]]]:
    """A landing and its columns as Python values."""
    result = land([path], options=ReadOptions(**options), wanted=wanted or {}, to=to / "landed.parquet")
    return result, pq.read_table(result.path).to_pydict()


def column_of(values: list[str], write: Write, **options: Any) -> Any:
    """The decision about one column of given values, beside a column of words."""
    lines = [f'word{number}\t"{value}"' for number, value in enumerate(values)]
    return looked_at(write("name\tvalue\n" + "\n".join(lines) + "\n"), **options).column("value")


def codes(result: Dataset | Landed) -> set[str]:
    """The keys of the issues."""
    return {issue.code.removeprefix("reading.") for issue in result.issues}
