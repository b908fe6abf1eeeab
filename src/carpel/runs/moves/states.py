"""Where customers were on a day: from a kept run, from the log where the run is gone, else replayed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ibis

from carpel.kernel.engine import Bindings
from carpel.profiles import Profiles
from carpel.runs.making import Assignments
from carpel.runs.moves.log import LOG, LoggedRun
from carpel.runs.tally import MONEY

State = tuple[Any, Bindings]
"""`customer_id, segment, revenue` as an expression, and the files that it reads."""


def state_of(name: str, assignments: Assignments, profiles: Profiles) -> State:
    """Where customers are in written tables.

    Args:
        name: Goes before the names of its tables, so that two states can stand in one query.
        assignments: The segments.
        profiles: The money.
    """
    placed = ibis.table({"customer_no": "int64", "customer_id": "string", "segment": "string"}, name=f"{name}_placed")
    files: dict[str, Sequence[Path]] = {f"{name}_placed": assignments.files}
    if MONEY not in profiles.catalogue.available:
        return placed.select("customer_id", "segment", revenue=ibis.null("int64")), files
    money = ibis.table({"customer_no": "int64", MONEY: "int64"}, name=f"{name}_money")
    both = placed.inner_join(money, "customer_no")
    rows = both.select("customer_id", "segment", revenue=both[MONEY].fill_null(0))
    return rows, {**files, f"{name}_money": profiles.files}


def state_from_log(name: str, logged: Sequence[LoggedRun]) -> State:
    """Where customers were after the last of some runs of the log; their money then is not known."""
    log = ibis.table(LOG, name=f"{name}_log")
    last = log.group_by("customer_id").agg(last=log.day.max())
    both = log.inner_join(last, "customer_id")
    now = both.filter(both.day == both.last)
    return now.select("customer_id", "segment", revenue=ibis.null("int64")), {
        f"{name}_log": [each.file for each in logged]
    }
