"""A workspace's own attributes, read against the columns that its facts really have."""

from __future__ import annotations

import re
from functools import cache, reduce
from operator import and_
from typing import Any, Final

from carpel.crm import TABLES, Facts
from carpel.kernel.errors import CarpelError
from carpel.kernel.language import Expression, LanguageError, Symbol, parse, parse_aggregate, parse_condition, to_ibis
from carpel.kernel.language.errors import Source
from carpel.kernel.language.tree import Aggregate, Node
from carpel.kernel.money import Currency
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import whole
from carpel.profiles.attributes import Unit
from carpel.profiles.custom import CustomAttribute, Formula
from carpel.profiles.declarations import Declaration, Moment, Pass
from carpel.profiles.declarations import Expression as Computed
from carpel.profiles.declared.customers import OWN

_AS_OF: Final = "as_of"
_UNITS: Final = {ValueType.MONEY: Unit.MONEY, ValueType.SHARE: Unit.SHARE}
_ZERO_WHEN_NOTHING: Final = ("sum", "count")


def declare(attribute: CustomAttribute, facts: Facts) -> Declaration:
    """How a workspace's own attribute is computed on these facts.

    Raises:
        CarpelError: At the place of a formula that cannot be read against the table's columns.
    """
    try:
        return _Declaring(attribute, facts).declaration()
    except LanguageError:
        if attribute.table in facts.tables:
            raise
        # Columns of a table that is not there cannot be judged: it is the table that is missing.
        return _absent(attribute)


class _Declaring:
    """One attribute against one set of facts."""

    def __init__(self, attribute: CustomAttribute, facts: Facts) -> None:
        self._attribute, self._facts = attribute, facts
        self._symbols = _symbols(attribute.table, facts)
        self._digits = Currency(facts.currency).digits
        self._of_rows = attribute.table != OWN
        self._value = self._parsed()

    def declaration(self) -> Declaration:
        attribute, of = self._attribute, self._type()
        where = self._condition()
        return Declaration(
            key=attribute.key,
            family=attribute.family,
            type=of,
            unit=attribute.unit or _UNITS.get(of, Unit.NONE),
            reads=attribute.key if self._of_rows else OWN,
            chain=self._chain(where) if self._of_rows else None,
            wants=self._wants(where),
            expression=self._computed(of, where),
            empty=0 if self._counts() else None,
            changeable=attribute.changeable,
            better=attribute.better,
            label=attribute.label,
            description=attribute.description or _description(attribute),
        )

    def _chain(self, where: Expression | None) -> Pass:
        condition = (where.root, where.source) if where else None
        return custom_pass(self._attribute.table, self._attribute.within, condition, self._digits)

    def _parsed(self) -> Expression:
        formula, zone = self._attribute.value, self._facts.time_zone
        if self._of_rows:
            parameters = (_AS_OF,)
            return parse_aggregate(
                formula.source, self._symbols, place=formula.place, parameters=parameters, time_zone=zone
            )
        return parse(formula.source, self._symbols, place=formula.place, time_zone=zone)

    def _condition(self) -> Expression | None:
        formula: Formula | None = self._attribute.where
        if formula is None:
            return None
        return parse_condition(formula.source, self._symbols, place=formula.place, time_zone=self._facts.time_zone)

    def _type(self) -> ValueType:
        given, wished = self._value.type, self._attribute.type
        if wished is None or wished is given:
            return given
        if not (given.is_numeric and wished.is_numeric) and not (given.is_text and wished.is_text):
            raise CarpelError(
                "profiles.attribute-type",
                place=self._attribute.place,
                key=self._attribute.key,
                found=given.value,
                wanted=wished.value,
            )
        return wished

    def _counts(self) -> bool:
        """Whether no rows mean 0, as in built-in sums and counts."""
        root = self._value.root
        return isinstance(root, Aggregate) and root.function in _ZERO_WHEN_NOTHING

    def _computed(self, of: ValueType, where: Expression | None) -> Computed:
        expression, digits, counts = self._value, self._digits, self._counts()
        own_where = None if self._of_rows else where

        def computed(rows: Any, moment: Moment) -> Any:
            value = _without_oddities(_ibis(expression, rows, moment, digits))
            if of is ValueType.MONEY and expression.type.is_numeric:
                value = whole(value.cast("float64") * float(10**digits))
            elif of is ValueType.INTEGER and expression.type is not ValueType.INTEGER:
                value = whole(value)
            if own_where is not None:
                value = _ibis(own_where, rows, moment, digits).ifelse(value, None)
            return value.fill_null(0) if counts else value

        return computed

    def _wants(self, where: Expression | None) -> tuple[str, ...]:
        names = (self._value.names | (where.names if where else frozenset())) - {_AS_OF}
        timed = ("day",) if self._attribute.within else ()
        return tuple(f"{self._attribute.table}.{name}" for name in (*sorted(names), *timed)) or (self._attribute.table,)


@cache
def custom_pass(table: str, within: int | None, where: tuple[Node, str] | None, digits: int) -> Pass:
    """The one chain of all attributes that read the same rows of the same table.

    Args:
        table: The fact table.
        within: Only rows of the last so many days.
        where: Only rows for which this condition holds, with its text; equal wherever it is written.
        digits: Decimal places of the currency's minor unit.
    """
    if within is None and where is None:
        return Pass(name=table, table=table)
    period = [f"{within}d"] if within else []
    condition = [_short(where[1])] if where else []

    def keep(rows: Any, moment: Moment) -> Any:
        conditions = [moment.within(rows, within)] if within else []
        conditions += [_ibis(Expression(where[0], Source(where[1], table)), rows, moment, digits)] if where else []
        return reduce(and_, conditions)

    return Pass(name="_".join(["custom", table, *period, *condition]), table=table, keep=keep)


def _short(condition: str) -> str:
    return "where_" + re.sub(r"[^a-z0-9]+", "_", condition.lower()).strip("_")[:40]


def _ibis(expression: Expression, rows: Any, moment: Moment, digits: int) -> Any:
    return to_ibis(expression, rows, digits=digits, parameters={_AS_OF: moment.as_of.day})


def _without_oddities(value: Any) -> Any:
    """A number too large to be one is unknown."""
    return (value.isnan() | value.isinf()).ifelse(None, value) if value.type().is_floating() else value


def _symbols(table: str, facts: Facts) -> dict[str, Symbol]:
    """The contract's columns, those that the facts have, and the date of the profile."""
    values = {each.name: each.values for each in TABLES[table].columns}
    types = {each.name: each.type for each in TABLES[table].columns}
    if table in facts.tables:
        types |= {name: each.type for name, each in facts.tables[table].columns.items()}
    known = {name: Symbol(name, of, values.get(name, ())) for name, of in types.items() if name != "customer_no"}
    return known | {_AS_OF: Symbol(_AS_OF, ValueType.DATE)}


def _description(attribute: CustomAttribute) -> Text:
    if attribute.within:
        return text(
            "profiles.custom-description-within",
            source=attribute.value.source,
            table=attribute.table,
            days=attribute.within,
        )
    return text("profiles.custom-description", source=attribute.value.source, table=attribute.table)


def _absent(attribute: CustomAttribute) -> Declaration:
    of = attribute.type or ValueType.NUMBER
    return Declaration(
        key=attribute.key,
        family=attribute.family,
        type=of,
        unit=attribute.unit or _UNITS.get(of, Unit.NONE),
        reads=attribute.table,
        wants=(attribute.table,),
        expression=lambda rows, _: rows.count(),
        label=attribute.label,
        description=attribute.description or _description(attribute),
    )
