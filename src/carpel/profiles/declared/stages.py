"""What follows from other attributes: rhythm, growth, patterns, lifecycle, loyalty, value band."""

from __future__ import annotations

from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import growth, whole
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import DERIVED, Declaration, Expression, Moment
from carpel.profiles.declared.orders import WINDOWS

SLIPPING: Final = 1.5
"""Cycles without a purchase from which a customer is slipping."""
LAPSED: Final = 3.0
"""Cycles without a purchase from which a customer has lapsed."""
NEW_DAYS: Final = 90
"""Days from the first purchase during which a customer is new."""
GROWING: Final = 0.25
"""Growth of a year's spend over the year before from which a customer is growing."""
SHRINKING: Final = -0.5
"""Growth of a year's spend over the year before at or below which a customer is slipping."""
REGULAR: Final = 0.5
"""Regularity at or above which purchases are continuous: less varied than chance would have them."""
REPEATED: Final = 3
"""Purchase days from which a customer has a rhythm of their own."""


def _cycle(row: Any, moment: Moment) -> Any:
    """The customer's own gap where there are two or more, else their category's, else everyone's."""
    own = (row.purchase_days >= REPEATED).ifelse(row.gap_median_days, None)
    found = [own, *_category_cycle(row, moment)]
    if moment.parameters.typical_gap_days is not None:
        found.append(ibis.literal(moment.parameters.typical_gap_days, type="float64"))
    cycle = ibis.coalesce(*found) if len(found) > 1 else own
    return (row.purchase_days > 0).ifelse(cycle, None)


def _category_cycle(row: Any, moment: Moment) -> list[Any]:
    cycles = moment.parameters.category_cycles
    if "largest_need" not in row.columns or not cycles:
        return []
    branches = [(category, ibis.literal(float(days), type="float64")) for category, days in sorted(cycles.items())]
    return [row.largest_need.cases(*branches, else_=ibis.null("float64"))]


def _next_purchase(row: Any, _: Moment) -> Any:
    days = whole(row.cycle_days)
    return (row.last_purchase_on.cast("timestamp") + days.as_interval("D")).cast("date")


def _cycles_passed(row: Any) -> Any:
    """Recency in the customer's own cycles; a cycle is at least a day."""
    return row.recency_days.cast("float64") / ibis.greatest(row.cycle_days, 1.0)


def _pattern(row: Any, _: Moment) -> Any:
    single = (row.frequency == 1) & (row.bulk_share == 1).fill_null(ibis.literal(value=False))
    continuous = (row.purchase_days >= REPEATED) & (row.gap_regularity >= REGULAR).fill_null(ibis.literal(value=False))
    return ibis.cases(
        (row.frequency == 0, "none"), (single, "single_bulk"), (continuous, "continuous"), else_="irregular"
    )


def _lifecycle(row: Any, _: Moment) -> Any:
    passed = _cycles_passed(row)
    yearly = growth(row.spend_365d, row.spend_365d_before)
    returned = row.last_gap_days.cast("float64") / ibis.greatest(row.cycle_days, 1.0) > LAPSED
    return ibis.cases(
        (row.relationship.isnull(), ibis.null("string")),
        (row.relationship.isin(["lead", "prospect"]) & (row.frequency == 0), row.relationship),
        *_by_contract(row),
        (row.frequency == 0, ibis.null("string")),
        (passed > LAPSED, "lapsed"),
        (returned & (passed <= SLIPPING), "won_back"),
        (passed > SLIPPING, "slipping"),
        (row.tenure_days < NEW_DAYS, "new"),
        (yearly <= SHRINKING, "slipping"),
        (yearly >= GROWING, "growing"),
        else_="steady",
    )


def _by_contract(row: Any) -> list[tuple[Any, str]]:
    """Customers who never ordered but hold, or held, a contract."""
    if "contracts_active" not in row.columns:
        return []
    never = row.frequency == 0
    return [(never & (row.contracts_active > 0), "steady"), (never & (row.contracts_count > 0), "lapsed")]


def _loyalty(row: Any, _: Moment) -> Any:
    passed = _cycles_passed(row)
    return ibis.cases(
        (row.frequency == 0, ibis.null("string")),
        (passed > LAPSED, "lost"),
        (passed > SLIPPING, "marginal"),
        (row.purchase_days >= REPEATED, "loyal"),
        else_="potential",
    )


def _value_band(row: Any, moment: Moment) -> Any:
    cuts = moment.parameters.value_cuts
    customer = (row.relationship == "customer", "low")
    if cuts is None:
        return ibis.cases(customer, else_=ibis.null("string"))
    middle, high = cuts
    value = row.monetary_value
    return ibis.cases(
        ((value > 0) & (value >= high), "high"),
        ((value > 0) & (value >= middle), "intermediate"),
        (value > 0, "low"),
        customer,
        else_=ibis.null("string"),
    )


def _grown(key: str) -> Expression:
    return lambda row, _: growth(row[key], row[f"{key}_before"])


def _growth(key: str, family: Family) -> Declaration:
    return Declaration(
        key=key.replace("_", "_growth_"),
        family=family,
        type=ValueType.NUMBER,
        unit=Unit.SHARE,
        reads=DERIVED,
        uses=(key, f"{key}_before"),
        expression=_grown(key),
        changeable=True,
    )


def _stage(key: str, expression: Expression, *uses: str, **more: Any) -> Declaration:
    settings: dict[str, Any] = {"family": Family.BEHAVIOURAL, "type": ValueType.CATEGORY, "changeable": True} | more
    return Declaration(key=key, reads=DERIVED, uses=uses, expression=expression, **settings)


ATTRIBUTES: Final = (
    *(_growth(f"spend_{days}d", Family.VALUE) for days in WINDOWS),
    *(_growth(f"orders_{days}d", Family.BEHAVIOURAL) for days in WINDOWS),
    _stage(
        "cycle_days",
        _cycle,
        "purchase_days",
        "gap_median_days",
        type=ValueType.NUMBER,
        unit=Unit.DAYS,
        uses_if_there=("largest_need",),
    ),
    _stage("next_purchase_on", _next_purchase, "last_purchase_on", "cycle_days", type=ValueType.DATE),
    _stage(
        "purchase_pattern",
        _pattern,
        *("frequency", "purchase_days", "bulk_share", "gap_regularity"),
        values=("none", "single_bulk", "continuous", "irregular"),
    ),
    _stage(
        "lifecycle_stage",
        _lifecycle,
        *("relationship", "frequency", "recency_days", "tenure_days", "cycle_days", "last_gap_days"),
        *("spend_365d", "spend_365d_before"),
        uses_if_there=("contracts_active", "contracts_count"),
        family=Family.RELATIONSHIP,
        values=("lead", "prospect", "new", "growing", "steady", "slipping", "lapsed", "won_back"),
    ),
    _stage(
        "loyalty",
        _loyalty,
        *("frequency", "purchase_days", "recency_days", "cycle_days"),
        family=Family.RELATIONSHIP,
        values=("loyal", "potential", "marginal", "lost"),
    ),
    _stage(
        "value_band",
        _value_band,
        *("monetary_value", "relationship"),
        family=Family.VALUE,
        values=("high", "intermediate", "low"),
    ),
)
