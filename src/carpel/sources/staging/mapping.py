"""A source's rows as rows of one table: contract columns in contract types, then the source's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import ibis

from carpel.crm import TABLES, Column, Table
from carpel.kernel.types import ValueType
from carpel.sources.reading import ColumnDecision
from carpel.sources.settings import ColumnMapping, Constant, Form, TableMapping
from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Rows
from carpel.sources.staging.choosing import chosen
from carpel.sources.staging.extras import Extra
from carpel.sources.staging.landing import LandedSource
from carpel.sources.staging.moments import Moments
from carpel.sources.staging.words import recognised

_BEGUN_BY: Final = {"contracts": "starts_on", "opportunities": "closed_at"}
"""By which date a row had begun that does not say when: a contract signed, a sale opened."""

_OPEN_SETS: Final = r"[,;|/、，；]"
_PERCENT: Final = 100


class Mapper:
    """Maps one source's rows onto one table."""

    def __init__(self, source: LandedSource, table: str, sources: Mapping[str, LandedSource], moments: Moments) -> None:
        self.source = source
        self.table: Table = TABLES[table]
        self.mapping: TableMapping = source.source.tables[table]
        self.sources = sources
        self.moments = moments

    def mapped(self, extras: tuple[Extra, ...], *, left_out: bool = False) -> tuple[Rows, dict[str, tuple[str, str]]]:
        """The rows, and for columns whose words may mean nothing here, the columns `(as written, as mapped)`.

        Args:
            extras: The source's own columns to keep.
            left_out: Take the rows that `where` leaves out, and not those that it chooses.
        """
        rows, found = self._looked_up(chosen(self.source, self.table.name, left_out=left_out))
        written: dict[str, tuple[str, str]] = {}
        columns: dict[str, Any] = {}
        for name, mapping in self.mapping.columns.items():
            plain = found.get(name, lambda rows, mapping=mapping: self._written(rows, mapping))
            columns[name] = self._value(rows, self.table.column(name), mapping, plain(rows))
            if self._may_lose(name, mapping):
                columns[f"__written_{name}"] = self._written(rows, mapping).cast("string")
                written[name] = (f"__written_{name}", name)
        own = {each.name: self._own(rows, each) for each in extras}
        columns |= self._days(rows)
        columns |= self._begun(rows, columns)
        return rows.select(**columns, **own, **self._marks(rows)), written

    def _may_lose(self, name: str, mapping: ColumnMapping) -> bool:
        """Whether a value of the source may mean nothing here; a missing time of the table is a fault of its row."""
        column = self.table.column(name)
        dated = column.type in (ValueType.DATE, ValueType.INSTANT) and name != self.table.time
        return bool(mapping.values or mapping.lookup or column.values or dated)

    def _looked_up(self, rows: Rows) -> tuple[Rows, dict[str, Any]]:
        """Join what other sources know; gives for each such column how to read it."""
        found: dict[str, Any] = {}
        for name, mapping in self.mapping.columns.items():
            if mapping.lookup is None:
                continue
            other = self.sources[mapping.lookup.source]
            for column in (mapping.lookup.key, mapping.lookup.column):
                other.column(column, mapping.place)
            key, value = f"__key_{name}", f"__found_{name}"
            # The smallest value where a key stands there twice, so that rows never multiply.
            known = other.rows.select(
                **{key: _text(other.rows[mapping.lookup.key]), value: other.rows[mapping.lookup.column]}
            )
            known = known.filter(known[key].notnull()).group_by(key).agg(**{value: known[value].min()})
            rows = rows.left_join(known, _text(self._written(rows, mapping)) == known[key]).drop(key)
            found[name] = lambda rows, value=value: rows[value]
        return rows, found

    def _written(self, rows: Rows, mapping: ColumnMapping) -> Any:
        if not mapping.columns:
            return _constant(mapping.value)
        if len(mapping.columns) == 1:
            return rows[mapping.columns[0]]
        parts = [_text(rows[name]) for name in mapping.columns]
        joined = parts[0].fill_null("")
        for part in parts[1:]:
            joined = joined + part.notnull().ifelse(ibis.literal(mapping.join) + part, "")
        return joined.strip().nullif("")

    def _value(self, rows: Rows, column: Column, mapping: ColumnMapping, plain: Any) -> Any:
        if mapping.values:
            plain = _renamed(_text(plain), mapping.values, keep=column.type.is_text and not column.values)
        if mapping.form is Form.YEAR:
            plain = _first_of_year(plain)
        if mapping.form in (Form.SHARE, Form.PERCENT):
            return self._share(rows, plain, mapping)
        value = self._typed(plain, column)
        return recognised(value, column.values) if column.values else value

    def _typed(self, plain: Any, column: Column) -> Any:
        of = column.type
        if of is ValueType.INSTANT:
            return self.moments.instant(plain, self._decision(column.name))
        if of is ValueType.DATE:
            return self.moments.day(plain, self._decision(column.name))
        return typed(plain, of, exact=column.name == "quantity")

    def _decision(self, name: str) -> ColumnDecision | None:
        """What was decided about the one column that a contract column comes from."""
        mapping = self.mapping.columns[name]
        if len(mapping.columns) != 1 or mapping.lookup or mapping.form or mapping.values:
            return None
        return self.source.column(mapping.columns[0], mapping.place)

    def _share(self, rows: Rows, plain: Any, mapping: ColumnMapping) -> Any:
        """A share of the price as money."""
        share = amounts.money(plain)
        share = (share / _PERCENT).cast(amounts.SOURCE) if self._is_percent(mapping) else share
        return amounts.times(self._price(rows), share)

    def _is_percent(self, mapping: ColumnMapping) -> bool:
        """Whether a share is written in percent: it says so, or any of its values exceeds 1."""
        if mapping.form is Form.PERCENT:
            return True
        largest = self.source.column(mapping.columns[0], mapping.place).maximum if mapping.columns else mapping.value
        return isinstance(largest, int | float | Decimal) and largest > 1

    def _price(self, rows: Rows) -> Any:
        """What the share is of: quantity times unit price, else the amount."""
        columns = self.mapping.columns
        if "unit_price" in columns and "quantity" in columns:
            return amounts.times(self._money(rows, "quantity"), self._money(rows, "unit_price"))
        return self._money(rows, "amount") if "amount" in columns else ibis.null(amounts.SOURCE)

    def _money(self, rows: Rows, name: str) -> Any:
        return amounts.money(self._written(rows, self.mapping.columns[name]))

    def _own(self, rows: Rows, extra: Extra) -> Any:
        value = rows[extra.column.name]
        if extra.type is ValueType.INSTANT:
            return self.moments.instant(value, extra.column)
        return typed(value, extra.type)

    def _days(self, rows: Rows) -> dict[str, Any]:
        """The local day of the table's time."""
        time = self.table.time
        return {"day": self._day(rows, time)} if time and time in self.mapping.columns else {}

    def _day(self, rows: Rows, name: str) -> Any:
        mapping = self.mapping.columns[name]
        plain = self._written(rows, mapping)
        if mapping.form is Form.YEAR:
            plain = _first_of_year(plain)
        return self.moments.day(plain, self._decision(name))

    def _begun(self, rows: Rows, columns: Mapping[str, Any]) -> dict[str, Any]:
        """A row that does not say when it began had begun by another of its dates."""
        time, other = self.table.time, _BEGUN_BY.get(self.table.name)
        if time is None or other is None or other not in columns:
            return {}
        begun, day = columns[other], self._day(rows, other)
        if begun.type().is_date():
            begun = self.moments.instant(begun, self._decision(other))
        if time in columns:
            begun, day = columns[time].coalesce(begun), columns["day"].coalesce(day)
        return {time: begun, "day": day}

    def _marks(self, rows: Rows) -> dict[str, Any]:
        return {
            "__source": ibis.literal(self.source.source.name),
            "__file": rows["__file"],
            "__row": rows["__row"],
            "__raw": rows["__raw"],
        }


def typed(value: Any, of: ValueType, *, exact: bool = False) -> Any:
    """A value in the type that staging computes with: decimals for money and what multiplies it."""
    if of.is_text:
        return _text(value)
    if of is ValueType.SET:
        return _set(_text(value))
    if of is ValueType.MONEY or exact:
        return amounts.money(value)
    if of is ValueType.BOOLEAN and value.type().is_string():
        return _flag(value)
    value = value.try_cast(of.ibis) if value.type().is_string() else value.cast(of.ibis)
    return _finite(value) if value.type().is_floating() else value


def _finite(value: Any) -> Any:
    return (value.isnan() | value.isinf()).ifelse(None, value)


def _text(value: Any) -> Any:
    return (value if value.type().is_string() else value.cast("string")).strip().nullif("")


def _flag(value: Any) -> Any:
    word = value.lower().strip()
    yes, no = ("true", "yes", "y", "1", "t"), ("false", "no", "n", "0", "f")
    return ibis.cases((word.isin(yes), True), (word.isin(no), False), else_=None).cast("boolean")


def _set(value: Any) -> Any:
    parts = value.re_replace(_OPEN_SETS, ",").split(",").map(lambda part: part.strip())
    return parts.filter(lambda part: part != "").unique().sort()


def _constant(value: Constant | None) -> Any:
    return ibis.literal(value.isoformat() if isinstance(value, date) else value)


def _renamed(value: Any, words: Mapping[str, Constant | None], *, keep: bool) -> Any:
    """The source's words in ours; others stay where the column takes any word."""
    known = [(value == word, None if mine is None else str(mine)) for word, mine in words.items()]
    branches = [(holds, ibis.null("string") if mine is None else ibis.literal(mine)) for holds, mine in known]
    return ibis.cases(*branches, else_=value if keep else ibis.null("string"))


def _first_of_year(value: Any) -> Any:
    year = value.cast("int64")
    possible = year.between(1, 9999).ifelse(year, None).cast("int32")
    return ibis.date(possible, 1, 1)
