"""What costs say: money spent on a customer."""

from __future__ import annotations

from typing import Final

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import whole_sum
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Pass

PASSES: Final = (Pass(name="costs", table="costs"),)

ATTRIBUTES: Final = (
    Declaration(
        key="cost_to_serve_365d",
        family=Family.VALUE,
        type=ValueType.MONEY,
        unit=Unit.MONEY,
        reads="costs",
        wants=("costs.customer_no", "costs.day"),
        expression=lambda rows, moment: whole_sum(rows.amount, moment.within(rows, 365)).fill_null(0),
        empty=0,
        changeable=True,
    ),
)
