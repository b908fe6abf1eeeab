"""One attribute after the other is tried on the customers of one segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any, Final

import ibis

from carpel.kernel.engine import Bindings, Engine
from carpel.kernel.language import parse_condition, to_ibis
from carpel.kernel.progress import Progress
from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Profiles
from carpel.schemes.suggesting.options import (
    MOST_VALUES,
    Option,
    by_best_values,
    by_bounds,
    by_member,
    by_truth,
    by_values,
)
from carpel.schemes.suggesting.rounding import bounds
from carpel.schemes.suggesting.splitting import Chosen, Halves, choose
from carpel.schemes.suggesting.sums import Sums

ROWS: Final = "outcomes"

_DECILES: Final = tuple(tenth / 10 for tenth in range(1, 10))
_OF_THOSE_ABOVE_0: Final = (0.05, 0.5)


@dataclass
class Looking:
    """Looks at one attribute after the other; each is a pass over its column, with the rows' money and half.

    Attributes:
        schema: Of the rows: a segment's profiles as of the earlier moment, with `__money` and `__half`.
        bindings: Where they lie.
        engine: Where sums are made.
        profiles: Whose attributes these are.
        least: The fewest customers of a part in either half.
    """

    schema: Any
    bindings: Bindings
    engine: Engine
    profiles: Profiles
    least: int
    rows: Any = field(init=False)

    def __post_init__(self) -> None:
        self.rows = ibis.table(self.schema, name=ROWS)

    def customers(self) -> int:
        """How many there are."""
        return int(self.engine.read(self.rows.agg(customers=self.rows.count()), self.bindings)["customers"][0].as_py())

    def all(self, attributes: Sequence[Attribute], progress: Progress) -> tuple[list[Chosen], int]:
        """What the first half prefers of each attribute, and how many attributes there were."""
        progress.stage(text("runs.stage-dividing"))
        found = []
        for number, attribute in enumerate(attributes):
            preferred = [
                each for options, halves in self._ways(attribute) if (each := choose(options, halves, least=self.least))
            ]
            if preferred:
                found.append(max(preferred, key=lambda each: each.promise))
            progress.advance(number + 1, len(attributes))
        return found, len(attributes)

    def _ways(self, attribute: Attribute) -> Iterator[tuple[Sequence[Option], Halves]]:
        """Options with the sums that decide between them."""
        column = self.rows[attribute.key]
        if attribute.type.is_numeric:
            options = by_bounds(attribute, bounds(attribute, self._quantiles(column), self.profiles.digits))
            if options:
                reached = [self._holds(option).fill_null(ibis.or_()).cast("int64") for option in options]
                yield options, self._halves(reduce(add, reached))
        elif attribute.type is ValueType.BOOLEAN:
            yield by_truth(attribute), self._halves(column)
        elif attribute.type is ValueType.SET:
            for element in self._most_frequent(self.rows.select("__half", value=column.unnest())):
                option = by_member(attribute, element)
                yield (option,), self._halves(self._holds(option))
        else:
            values = self._most_frequent(self.rows.select("__half", value=column))
            halves = self._halves(ibis.ifelse(column.isin(values), column, ibis.null("string")))
            yield (*by_values(attribute, values), *by_best_values(attribute, halves[0])), halves

    def _quantiles(self, column: Any) -> list[float | None]:
        chooses = self.rows["__half"]
        number = column.cast("float64")
        parts = {f"q{n}": number.quantile(at, where=chooses) for n, at in enumerate(_DECILES)}
        # Where most have nothing, every decile is 0, and who has anything at all is the question.
        parts |= {f"p{n}": number.quantile(at, where=chooses & (number > 0)) for n, at in enumerate(_OF_THOSE_ABOVE_0)}
        return list(self.engine.read(self.rows.agg(**parts), self.bindings).to_pylist()[0].values())

    def _most_frequent(self, values: Any) -> list[str]:
        """The most frequent values of the half that chooses; the other has no say."""
        known = values.filter(values["__half"] & values.value.notnull())
        counted = known.group_by("value").agg(customers=known.count())
        top = counted.order_by(ibis.desc("customers"), "value").limit(MOST_VALUES)
        return [str(row["value"]) for row in self.engine.read(top, self.bindings).to_pylist()]

    def _holds(self, option: Option) -> Any:
        tree = parse_condition(option.rule, self.profiles.catalogue.symbols, place=option.attribute.key)
        return to_ibis(tree, self.rows, digits=self.profiles.digits)

    def _halves(self, cell: Any) -> Halves:
        """Count, sum and sum of squares of the period's money, by half and cell."""
        rows = self.rows.select("__half", cell=cell, money=self.rows["__money"])
        summed = rows.group_by("__half", "cell").agg(
            customers=rows.count(), total=rows.money.sum(), squares=(rows.money * rows.money).sum()
        )
        halves: tuple[dict[Any, Sums], dict[Any, Sums]] = ({}, {})
        for row in self.engine.read(summed, self.bindings).to_pylist():
            halves[0 if row["__half"] else 1][row["cell"]] = Sums(row["customers"], row["total"], row["squares"])
        return halves
