"""Population numbers, fitted on facts before a moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.profiles.attributes import Catalogue
from carpel.profiles.available import table_behind
from carpel.profiles.computing import attribute_steps, needed_keys
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows, with_returns

SAMPLE: Final = 200_000
"""The most customers that parameters are fitted on; beyond, whole buckets evenly spread over the base."""
ENOUGH: Final = 30
"""Repurchases from which a category has a cycle of its own."""
CATEGORIES: Final = 200
"""The most categories with a cycle of their own: those with most repurchases."""


def fit(facts: Facts, catalogue: Catalogue, as_of: AsOf, engine: Engine) -> Parameters:
    """Fit what the catalogue's attributes use, on facts before `as_of`.

    Up to `SAMPLE` customers are read; where there are more, a fixed sample of buckets, named in the result.
    """
    buckets = _sample(facts)
    needed = needed_keys(catalogue)
    fitting = _Fitting(
        facts, catalogue, Moment(as_of=as_of, parameters=Parameters(known_through=as_of)), engine, buckets
    )
    return Parameters(
        known_through=as_of,
        typical_gap_days=fitting.typical_gap() if "cycle_days" in needed else None,
        category_cycles=fitting.category_cycles() if {"cycle_days", "largest_need"} <= needed else {},
        bulk_quantity=fitting.bulk_quantity() if "bulk_share" in needed else None,
        value_cuts=fitting.value_cuts() if "value_band" in needed else None,
        sampled_buckets=None if len(buckets) == facts.bucket_count else buckets,
    )


def _sample(facts: Facts) -> tuple[int, ...]:
    wanted = max(1, SAMPLE // facts.bucket_size)
    every = -(-facts.bucket_count // wanted)
    return tuple(range(0, facts.bucket_count, every))


class _Fitting:
    """One query for each number."""

    def __init__(
        self, facts: Facts, catalogue: Catalogue, moment: Moment, engine: Engine, buckets: tuple[int, ...]
    ) -> None:
        self._facts, self._catalogue, self._moment, self._engine = facts, catalogue, moment, engine
        self._tables = facts.bindings(buckets)

    def typical_gap(self) -> float | None:
        """The median gap of customers between two purchase days."""
        rows = self._known("purchases")
        gaps = rows.group_by("customer_no").agg(gap=rows.gap_days.median())
        return self._one(gaps.agg(value=gaps.gap.median().cast("float64")))

    def category_cycles(self) -> Mapping[str, float]:
        """The median gap between two purchase days of a category, where there are enough."""
        lines = known_rows(self._facts, "order_lines", self._moment)
        bought = lines.filter(~lines.is_return & lines.category.notnull())
        days = bought.select("customer_no", "category", "day").distinct()
        order = ibis.window(group_by=[days.customer_no, days.category], order_by=days.day)
        gaps = days.mutate(gap=days.day.delta(days.day.lag().over(order), unit="day"))
        gaps = gaps.filter(gaps.gap.notnull())
        cycles = gaps.group_by("category").agg(days=gaps.gap.median().cast("float64"), gaps=gaps.count())
        enough = cycles.filter(cycles.gaps >= ENOUGH).order_by(ibis.desc("gaps"), "category").limit(CATEGORIES)
        return {row["category"]: row["days"] for row in self._engine.read(enough, self._tables).to_pylist()}

    def bulk_quantity(self) -> float | None:
        """The 95th percentile of a purchase's quantity, or of its amount where quantities are unknown."""
        rows = self._known("purchases")
        size = rows.quantity if "quantity" in rows.columns else rows.amount
        # Between two values engines find the last bit differently.
        return self._one(rows.agg(value=size.cast("float64").quantile(0.95, where=~rows.is_return).round(6)))

    def value_cuts(self) -> tuple[int, int] | None:
        """The 50th and 80th percentile of positive monetary value."""
        *steps, last = attribute_steps(self._facts, self._catalogue, ("monetary_value",), self._moment)
        value = last.query.monetary_value
        cuts = last.query.agg(
            middle=value.quantile(0.5, where=value > 0).round().cast("int64"),
            high=value.quantile(0.8, where=value > 0).round().cast("int64"),
        )
        row = self._engine.read((*steps, type(last)("cuts", last.sentence, cuts)), self._tables).to_pylist()[0]
        return None if row["high"] is None else (row["middle"], row["high"])

    def _known(self, name: str) -> Any:
        return with_returns(known_rows(self._facts, table_behind(name, self._facts), self._moment))

    def _one(self, query: Any) -> float | None:
        value: float | None = self._engine.read(query, self._tables).to_pylist()[0]["value"]
        return value
