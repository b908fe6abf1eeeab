"""Where each customer of the current run was on an earlier day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
import pyarrow.parquet as pq

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.runs.moves.comparing import state_on
from carpel.runs.opening import Run
from carpel.runs.planning.plans import Flow
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings


@dataclass(frozen=True, eq=False)
class Origins:
    """Where customers were on a day.

    Attributes:
        segments: Those that somebody was in.
        codes: By the customer's number in the current run, the place of theirs; -1 outside the base.
        gone: By segment, how many of that day are in the records no more.
    """

    segments: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    gone: Mapping[str, int]

    def holds(self, wanted: Collection[str | None]) -> npt.NDArray[np.bool_]:
        """By the customer's number, whether they were in one of these; None is outside the base."""
        places = [place for place, segment in enumerate(self.segments) if segment in wanted]
        return np.isin(self.codes, [*places, *([-1] if None in wanted else [])])


def origins(settings: Settings, store: RunStore, engine: Engine, run: Run, day: AsOf) -> Origins:
    """Where the customers of a run were on an earlier day, as moves since that day count them.

    Raises:
        CarpelError: The facts do not reach so far back.
    """
    before, files = state_on(settings, store, engine, run, day)
    now = ibis.table({"customer_no": "int64", "customer_id": "string"}, name="now")
    placed = before.filter(before.segment.notnull()).select("customer_id", "segment")
    found = engine.read(
        now.inner_join(placed, "customer_id").select("customer_no", "segment"),
        {**files, "now": run.assignments.files},
    )
    words = found["segment"].combine_chunks().dictionary_encode()
    codes = np.full(run.assignments.rows, -1, dtype=np.int32)
    codes[found["customer_no"].to_numpy()] = words.indices.to_numpy()
    left = placed.anti_join(now, "customer_id").group_by("segment").agg(customers=lambda rows: rows.count())
    gone = engine.read(left, {**files, "now": run.assignments.files}).to_pylist()
    return Origins(tuple(words.dictionary.to_pylist()), codes, {row["segment"]: row["customers"] for row in gone})


def gone_since(run: Run, flows: Iterable[Flow]) -> dict[str, int]:
    """Of those who left the base since the run before, by segment, how many are in the records no more.

    Args:
        run: The run, whose assignments say where those who are in the records were before.
        flows: Who went where since the run before.
    """
    left = {each.before: each.customers for each in flows if each.before is not None and each.after is None}
    if not left:
        return {}
    outside = Counter[str]()
    for file in run.assignments.files:
        table = pq.read_table(file, columns=["previous_segment", "segment"])
        outside.update(table.filter(pc.is_null(table["segment"]))["previous_segment"].to_pylist())
    return {segment: customers - outside[segment] for segment, customers in left.items()}
