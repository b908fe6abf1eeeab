"""Whether Spark's workers reach a folder: they see what this process writes there, and it sees what they write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from carpel.engine.places import place as place_of
from carpel.engine.places import place_to_read
from carpel.kernel.errors import CarpelError
from carpel.kernel.temporary import TemporaryFolder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_KIND: Final = ".carpel-reach-"
_EACH: Final = 2
"""Tasks for each core, so that most workers have one."""


def refuse_unreachable(session: SparkSession, folder: Path, master: str) -> None:
    """Let workers read and write in a folder.

    Raises:
        CarpelError: They do not see it at this place, or this process does not see what they write.
    """
    from pyspark.errors import PySparkException  # noqa: PLC0415  an optional extra

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFolder(_KIND, beside=folder.resolve()) as place:
            place.chmod(0o777)
            seen = _is_read(session, place) and _is_written(session, place)
    except (PySparkException, OSError) as error:
        raise CarpelError("engine.out-of-reach", place=str(folder), name=master) from error
    if not seen:
        raise CarpelError("engine.out-of-reach", place=str(folder), name=master)


def _is_read(session: SparkSession, place: Path) -> bool:
    """Whether tasks read what this process has written."""
    words = {uuid4().hex for _ in range(_tasks(session))}
    (place / "ours").mkdir()
    for word in words:
        (place / "ours" / word).write_text(word, encoding="ascii")
    return {row.value for row in session.read.text(place_to_read(place / "ours")).collect()} == words


def _is_written(session: SparkSession, place: Path) -> bool:
    """Whether this process reads what tasks have written."""
    tasks = _tasks(session)
    session.range(0, tasks, 1, tasks).selectExpr("CAST(id AS STRING)").write.text(place_of(place / "theirs"))
    found = {line for part in (place / "theirs").glob("part-*") for line in part.read_text().split()}
    return found == {str(number) for number in range(tasks)}


def _tasks(session: SparkSession) -> int:
    return _EACH * session.sparkContext.defaultParallelism
