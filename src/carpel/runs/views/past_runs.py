"""What earlier runs say of segments: sizes from their manifests, each read once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError
from carpel.runs.folders import MANIFEST
from carpel.runs.opening import Run
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.runs.views.overview import Figure, Point
from carpel.schemes import Scheme, read_scheme


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """The sums of a run.

    Attributes:
        run: Its id.
        day: The day that it knew up to.
        base: Customers whom its scheme divided.
        outside: Customers whom it did not.
        sizes: Customers and money of each leaf; money is None where nothing had any.
        leaves: Of each segment that it had, at any level; empty where its scheme can no longer be read.
        source: All of the source's money in minor units; None where nothing had any.
    """

    run: str
    day: date
    base: int
    outside: int
    sizes: Mapping[str, tuple[int, int | None]]
    leaves: Mapping[str, tuple[str, ...]]
    source: int | None

    @property
    def in_segments(self) -> int | None:
        """The money of all leaves."""
        money = [revenue for _, revenue in self.sizes.values() if revenue is not None]
        return sum(money) if money else None


def past_run(folder: Path) -> PastRun | None:
    """A run's sums; None where it is not kept, or cannot be read just now."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return _read(folder) if (folder / MANIFEST).is_file() else None
    return None


def past_runs(settings: Settings, store: RunStore, run: Run) -> tuple[PastRun, ...]:
    """The kept runs that were or are current, one for each day before the run's and the run itself; oldest first."""
    found: dict[date, PastRun] = {}
    for record in store.list():
        is_earlier = record.as_of is not None and record.as_of.day < run.as_of.day and record.state.is_published
        day = record.as_of.day if record.as_of and is_earlier else None
        if day and day not in found and (past := past_run(settings.runs_folder / record.id)):
            found[day] = past
    mine = past_run(run.folder)
    return (*(found[day] for day in sorted(found)), *([mine] if mine else []))


def history(segment: str, scheme: Scheme, runs: Sequence[PastRun]) -> tuple[Point, ...]:
    """What a segment was in those runs that had it, under its own key or by all of its leaves of now."""
    leaves = [leaf.key for leaf in scheme.leaves if segment in scheme.paths[leaf.key]]
    return tuple(point for past in runs if (point := _point(past, segment, leaves)))


def sum_of(past: PastRun | None, segment: str, scheme: Scheme) -> tuple[int | None, int | None]:
    """A segment's customers and money in a run; None where it had no such segment."""
    points = history(segment, scheme, [past]) if past else ()
    return (points[0].customers, points[0].revenue) if points else (None, None)


def figure(value: int | None, before: int | None) -> Figure | None:
    """A number with what it was, where it is known at all."""
    return None if value is None else Figure(value=value, before=before)


def _point(past: PastRun, segment: str, leaves: Sequence[str]) -> Point | None:
    keys = past.leaves.get(segment, leaves)
    if not keys or not past.sizes.keys() >= set(keys):
        return None
    money = [revenue for key in keys if (revenue := past.sizes[key][1]) is not None]
    customers = sum(past.sizes[key][0] for key in keys)
    return Point(as_of=past.day, run=past.run, customers=customers, revenue=sum(money) if money else None)


@lru_cache(maxsize=256)
def _read(folder: Path) -> PastRun:
    raw = json.loads((folder / MANIFEST).read_bytes().decode("utf-8", "surrogatepass"))
    sizes = {each["key"]: (each["customers"], each["revenue"]) for each in raw["segments"]}
    return PastRun(
        run=raw["run"],
        day=AsOf.from_json(raw["as_of"]).day,
        base=raw["base"],
        outside=raw["outside_base"],
        sizes=sizes,
        leaves=_leaves(raw["scheme"], raw["scheme_name"]) or {key: (key,) for key in sizes},
        source=raw["ledger"]["source"] if raw["ledger"] else None,
    )


def _leaves(written: str, name: str) -> dict[str, tuple[str, ...]]:
    with suppress(CarpelError):
        scheme = read_scheme(written, name)
        return {path[-1]: tuple(leaf.key for leaf in segment.leaves) for path, segment in scheme.walk()}
    return {}
