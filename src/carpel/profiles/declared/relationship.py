"""Where a customer stands with the company: lead, prospect or customer."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any, Final

import ibis

from carpel.kernel.types import ValueType
from carpel.profiles.attributes import Family
from carpel.profiles.declarations import DERIVED, Declaration, Moment
from carpel.profiles.declared.customers import OWN

BOUGHT: Final = ("frequency", "returns_count", "invoices_count", "payments_count", "contracts_count")
INTERESTED: Final = ("opportunities_count", "consultations")
MET: Final = ("interactions_count", "feedback_count", "usage_count")

_IN_CRM: Final = "__in_crm"
_SAID_BY_CRM: Final = "__relationship_in_crm"


def _in_crm(rows: Any, _: Moment) -> Any:
    """Whether the customers' source knew them by then: named there, and not acquired later."""
    return rows.from_source if "from_source" in rows.columns else ibis.literal(value=True)


def _any(row: Any, names: tuple[str, ...]) -> Any:
    """Whether any of some counts is above nothing."""
    return reduce(or_, (row[name] > 0 for name in names if name in row.columns), ibis.literal(value=False))


def _relationship(row: Any, _: Moment) -> Any:
    known = row[_IN_CRM] | _any(row, BOUGHT + INTERESTED + MET)
    bought = any(name in row.columns for name in BOUGHT)
    derived = (
        ibis.cases((_any(row, BOUGHT), "customer"), (_any(row, INTERESTED), "prospect"), else_="lead")
        if bought
        else ibis.literal("customer")
    )
    said = row[_SAID_BY_CRM].fill_null(derived) if _SAID_BY_CRM in row.columns else derived
    return known.ifelse(said, None)


ATTRIBUTES: Final = (
    Declaration(
        key=_IN_CRM,
        family=Family.RELATIONSHIP,
        type=ValueType.BOOLEAN,
        reads=OWN,
        expression=_in_crm,
    ),
    Declaration(
        key=_SAID_BY_CRM,
        family=Family.RELATIONSHIP,
        type=ValueType.CATEGORY,
        reads=OWN,
        wants=("customers.relationship",),
        expression=lambda rows, _: rows.relationship,
    ),
    Declaration(
        key="relationship",
        family=Family.RELATIONSHIP,
        type=ValueType.CATEGORY,
        reads=DERIVED,
        uses=(_IN_CRM,),
        uses_if_there=(_SAID_BY_CRM, *BOUGHT, *INTERESTED, *MET),
        expression=_relationship,
        changeable=True,
        values=("lead", "prospect", "customer"),
    ),
)
