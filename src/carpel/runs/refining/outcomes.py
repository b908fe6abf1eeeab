"""What customers brought in a period after an earlier moment: the money that a scheme of that moment is judged by.

The outcome is the customer's monetary value at the end of the period less that at its beginning, returns taken off. A
customer takes part whom the facts knew at the beginning (`relationship` is known).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Bindings, Engine
from carpel.kernel.errors import CarpelError
from carpel.profiles import Profiles
from carpel.runs.fingerprints import TABLE
from carpel.runs.opening import Run
from carpel.runs.past import Past

MONEY: Final = "monetary_value"
ORDERS: Final = "frequency"
LEAST_DAYS: Final = 30
MOST_DAYS: Final = 180

_AFTER: Final = "profiles_after"
_NUMBER: Final = "customer_no"
_QUARTER: Final = 4
_LOWER_HALF: Final = tuple("01234567")


@dataclass(frozen=True, kw_only=True)
class Period:
    """A stretch of time in which outcomes are counted.

    Attributes:
        start: Its first moment; what is judged knows nothing of it.
        end: The moment after its last.
    """

    start: AsOf
    end: AsOf

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.end.day - self.start.day).days


def default_days(facts: Facts, as_of: AsOf) -> int:
    """A quarter of the history, at least 30 days and at most 180."""
    history = (as_of.day - facts.first_event).days if facts.first_event else 0
    return min(MOST_DAYS, max(LEAST_DAYS, history // _QUARTER))


def periods(run: Run, days: int | None, most: int) -> tuple[Period, ...]:
    """Periods one after the other that end at the run's moment, the earliest first; as many as the history allows.

    Before each lies at least one more period, so that something is known when it begins.

    Raises:
        CarpelError: There is not even one, or nothing has money.
    """
    if MONEY not in run.catalogue.available:
        raise CarpelError("runs.outcome-without-money", place=run.manifest.workspace)
    first = run.facts.first_event
    length = days or default_days(run.facts, run.as_of)
    found: list[Period] = []
    end = run.as_of
    while first and len(found) < most and (end.day - first).days >= 2 * length:
        start = AsOf.start_of(end.day - timedelta(days=length), run.facts.time_zone)
        found.insert(0, Period(start=start, end=end))
        end = start
    if not found:
        history = (run.as_of.day - first).days if first else 0
        raise CarpelError("runs.history-too-short", place=run.as_of.day.isoformat(), history=history, days=2 * length)
    return tuple(found)


def outcomes(before: Past, after: Profiles, *, seed: int, everyone: bool = False) -> Any:
    """One row per customer whom the facts knew at the beginning, with all of their profile then.

    Beside it: `__segment`, `__money` (of the period, minor units as float64), `__orders` (likewise, null where
    nothing tells), `__half`: whether the customer is of the half that chooses, by the seed and nothing else.

    Args:
        before: The scheme at the beginning.
        after: Profiles at the end.
        seed: Which customers are of which half.
        everyone: Whether customers outside the scheme's base are there too, with no segment.
    """
    profiles = before.profiles.unbound()
    placed = before.assignments.unbound()
    placed = placed if everyone else placed.filter(placed.in_base)
    placed = placed.select(_NUMBER, __segment=placed.segment)
    rows = profiles.filter(profiles.relationship.notnull()).inner_join(placed, _NUMBER)
    later = after.unbound()
    told = {name: later[name] for name in (MONEY, ORDERS) if name in later.columns and name in profiles.columns}
    then = ibis.table({_NUMBER: "int64", **dict.fromkeys(told, "int64")}, name=_AFTER)
    then = then.select(__number=then[_NUMBER], **{f"__after_{name}": then[name] for name in told})
    rows = rows.inner_join(then, rows[_NUMBER] == then["__number"])
    grown = {name: _grown(rows, name) if name in told else ibis.null("float64") for name in (MONEY, ORDERS)}
    rows = rows.mutate(__money=grown[MONEY], __orders=grown[ORDERS], __half=_half(rows.customer_id, seed))
    return rows.drop("__number", *(f"__after_{name}" for name in told))


def bucket_bindings(before: Past, after: Profiles, bucket: int) -> Bindings:
    """The files of one bucket."""
    return {
        "profiles": (before.profiles.files[bucket],),
        TABLE: (before.assignments.files[bucket],),
        _AFTER: (after.files[bucket],),
    }


def write_outcomes(
    query: Any, before: Past, after: Profiles, folder: Path, engine: Engine, *, name: str = "outcomes"
) -> tuple[Path, ...]:
    """Write a query over `outcomes`, bucket by bucket."""
    files = []
    for bucket in range(len(before.profiles.files)):
        file = folder / f"{name}-{bucket:04}.parquet"
        engine.write(query, bucket_bindings(before, after, bucket), file)
        files.append(file)
    return tuple(files)


def _grown(rows: Any, name: str) -> Any:
    return (rows[f"__after_{name}"].fill_null(0) - rows[name].fill_null(0)).cast("float64")


def _half(customer: Any, seed: int) -> Any:
    """By a digest of the id: the same in every engine, and another half with another seed."""
    digest = (ibis.literal(f"{seed}:") + customer.cast("string")).hexdigest("md5")
    return digest.substr(0, 1).isin(_LOWER_HALF)
