"""A fingerprint of assignments that no order of rows, no file and no engine changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import ibis
import numpy as np
import pyarrow as pa

from carpel.kernel.engine import Engine, Step
from carpel.kernel.texts import text

TABLE: Final = "assignments"
NUMBER: Final = "customer_no"

_BETWEEN: Final = "\x1f"
_UNKNOWN: Final = "\x1e"
_DIGEST: Final = "digest"
_DIGITS: Final = 32
_HALF_BITS: Final = 64
_HALF: Final = 1 << _HALF_BITS


def assignments_table(columns: Sequence[tuple[str, str]]) -> Any:
    """Written assignments as an Ibis expression: names with their Ibis types."""
    return ibis.table(dict(columns), name=TABLE)


def fingerprint(assignments: Any, files: Iterable[Path], engine: Engine) -> str:
    """The sum of the MD5 of every row, as 32 hexadecimal digits.

    A sum does not depend on order, and unlike an exclusive or it sees a row that is there twice.

    Args:
        assignments: The table as an Ibis expression.
        files: Where it lies.
        engine: Computes the digests.
    """
    step = digests(assignments)
    low = high = 0
    for file in files:
        for batch in engine.batches((step,), {TABLE: (file,)}):
            low_part, high_part = _sums(batch)
            low, high = (low + low_part) % _HALF, (high + high_part) % _HALF
    return f"{high << _HALF_BITS | low:032x}"


def digests(assignments: Any) -> Step:
    """One MD5 for each row, over all that says who is where; the running number is left out."""
    names = [name for name in assignments.columns if name != NUMBER]
    values = [assignments[name].cast("string").fill_null(_UNKNOWN) for name in names]
    joined = ibis.literal(_BETWEEN).join(values)
    return Step("digests", text("runs.step-digest"), assignments.select(**{_DIGEST: joined.hexdigest("md5")}))


def _sums(batch: pa.RecordBatch) -> tuple[int, int]:
    """The two halves of all digests, each summed as a 64-bit number that wraps around."""
    digits = batch.column(_DIGEST).cast(pa.binary()).cast(pa.binary(_DIGITS))
    written = digits.buffers()[1].to_pybytes()[digits.offset * _DIGITS :][: len(digits) * _DIGITS]
    halves = np.frombuffer(bytes.fromhex(written.decode("ascii")), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    high, low = halves.sum(axis=0)
    return int(low), int(high)
