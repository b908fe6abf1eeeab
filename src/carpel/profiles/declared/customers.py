"""What the customers table itself says: every column, as it stands there."""

from __future__ import annotations

from typing import Any, Final

from carpel.crm import TABLES, Column, FactColumn, Facts, FactTable
from carpel.kernel.texts import Labels, text
from carpel.kernel.types import ValueType
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Expression, Moment

OWN: Final = "customers"
"""The `reads` of an attribute that is a column of the customers table, or a function of its columns."""

_FAMILIES: Final = {
    Family.DEMOGRAPHIC: (
        *("name", "birth_date", "gender", "marital_status", "household_size", "education", "occupation", "income"),
        *("social_class", "language"),
    ),
    Family.GEOGRAPHIC: ("country", "region", "city", "settlement", "climate_zone"),
    Family.PSYCHOGRAPHIC: ("belief", "interests", "values", "personality", "lifestyle"),
    Family.FIRMOGRAPHIC: (
        *("kind", "organisation_type", "parent_id", "industry", "employees", "annual_revenue"),
        *("credit_rating", "credit_limit"),
    ),
    Family.RELATIONSHIP: (
        *("email", "phone", "acquired_at", "acquisition_channel", "account_manager_id"),
        *("consent_phone", "consent_email", "consent_message"),
    ),
}
_CHANGEABLE: Final = frozenset(
    {"account_manager_id", "credit_limit", "consent_phone", "consent_email", "consent_message"}
)
_UNITS: Final = {ValueType.MONEY: Unit.MONEY, ValueType.SHARE: Unit.SHARE}


def _column(name: str) -> Expression:
    return lambda rows, _: rows[name]


def _declared(family: Family, column: Column) -> Declaration:
    return Declaration(
        key=column.name,
        family=family,
        type=column.type,
        unit=Unit.COUNT if column.type is ValueType.INTEGER else _UNITS.get(column.type, Unit.NONE),
        reads=OWN,
        wants=(f"customers.{column.name}",),
        expression=_column(column.name),
        changeable=column.name in _CHANGEABLE,
        values=column.values,
        personal=column.personal,
    )


def _age(rows: Any, moment: Moment) -> Any:
    """Birthdays passed: this year's counts only once its month and day have come."""
    born = rows.birth_date
    today = moment.as_of.day
    to_come = (born.month() > today.month) | ((born.month() == today.month) & (born.day() > today.day))
    years = today.year - born.year() - to_come.ifelse(1, 0)
    return (years >= 0).ifelse(years, None).cast("int64")


ATTRIBUTES: Final = (
    _declared(Family.RELATIONSHIP, TABLES["customers"].column("customer_id")),
    *(_declared(family, TABLES["customers"].column(name)) for family, names in _FAMILIES.items() for name in names),
    Declaration(
        key="age",
        family=Family.DEMOGRAPHIC,
        type=ValueType.INTEGER,
        unit=Unit.YEARS,
        reads=OWN,
        wants=("customers.birth_date",),
        expression=_age,
    ),
)


def source_columns(facts: Facts) -> tuple[Declaration, ...]:
    """The source's own columns of its customers, under their own names."""
    table = facts.tables.get("customers")
    return _custom(table) if table else ()


def _custom(table: FactTable) -> tuple[Declaration, ...]:
    return tuple(_own(name, column) for name, column in table.columns.items() if column.custom)


def _own(name: str, column: FactColumn) -> Declaration:
    return Declaration(
        key=name,
        family=Family.RELATIONSHIP,
        type=column.type,
        unit=_UNITS.get(column.type, Unit.NONE),
        reads=OWN,
        wants=(f"customers.{name}",),
        expression=_column(name),
        personal=column.personal,
        label=Labels({"en": column.label or name}),
        description=text("profiles.own-column", column=column.label or name),
    )
