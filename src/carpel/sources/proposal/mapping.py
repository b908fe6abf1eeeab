"""From a file's best reading to the tables that it feeds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from carpel.crm import TABLES, Column
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.sources.proposal.discounts import as_share, is_share
from carpel.sources.proposal.evidence import SeenColumn, SeenTable
from carpel.sources.proposal.links import Link, Links
from carpel.sources.proposal.matching import Reading
from carpel.sources.proposal.plan import ColumnPlan, Form, TablePlan
from carpel.sources.proposal.plausibility import is_year
from carpel.sources.proposal.reasons import reason
from carpel.sources.proposal.shapes import KEY_TABLES, NAMES_OF_PEOPLE, Target
from carpel.sources.proposal.values import translated
from carpel.sources.proposal.words import is_chinese, squashed, tokens

_REFERENCE_TABLES: Final = {"parent_id": "customers", "manager_id": "employees", "account_manager_id": "employees"}
_OF_ORGANISATIONS: Final = frozenset({"industry", "employees", "annual_revenue", "parent_id"})
_OF_PERSONS: Final = frozenset({"birth_date", "gender", "marital_status", "household_size", "occupation", "last_name"})
_WRITTEN_OUT: Final = frozenset({ValueType.CATEGORY, ValueType.TEXT})


@dataclass(frozen=True, kw_only=True)
class Mapper:
    """Makes the table plans of one reading.

    Attributes:
        source: The file's name in carpel.yaml.
        reading: Its best reading.
        links: How it hangs together with the others.
    """

    source: str
    reading: Reading
    links: Links

    @property
    def seen(self) -> SeenTable:
        """The file."""
        return self.reading.seen

    def tables(self) -> tuple[TablePlan, ...]:
        """The tables that the file's rows feed: its own and those it carries that no other file holds."""
        return tuple(
            self.table(name)
            for name in sorted(self.reading.shape.tables, key=list(TABLES).index)
            if name == self.reading.shape.table or self._carries(name)
        )

    def table(self, name: str) -> TablePlan:
        """How the rows become rows of one table."""
        own = name == self.reading.shape.table
        return TablePlan(
            table=name,
            columns=tuple(self._columns(name)),
            why=text("proposal.table-own" if own else "proposal.table-carried"),
        )

    def _carries(self, table: str) -> bool:
        """Whether a table is worth making from these rows: they say something of its things, and no other file does."""
        if self.links.has_home(self.source, self.reading, table):
            return False
        said = {target for target in self.reading.matches if target.table == table}
        if table == "orders":
            return bool(said)
        key = Target(table, TABLES[table].key)
        has_key = key in self.reading.matches or any(target.column in {"first_name", "last_name"} for target in said)
        return has_key and bool(said - {key})

    def _columns(self, table: str) -> Iterator[ColumnPlan]:
        for place in TABLES[table].columns:
            plan = self._column(table, place)
            if plan is not None:
                yield plan

    def _column(self, table: str, place: Column) -> ColumnPlan | None:
        key_table = KEY_TABLES.get(place.name)
        match = self.reading.matches.get(Target(key_table or table, place.name))
        if match is None:
            return self._made(table, place)
        column = self.seen.by_name[match.column]
        if key_table is not None and key_table != self.reading.shape.table:
            return self._reference(place, column, key_table)
        if place.name in _REFERENCE_TABLES:
            link = self.links.reference(self.source, column.name, _REFERENCE_TABLES[place.name])
            # A manager's name needs no file of employees; a parent that is no customer is none.
            alone = place.name == "account_manager_id" and not self.links.holds("employees")
            return self._reference(place, column, _REFERENCE_TABLES[place.name]) if link or alone else None
        return self._plain(table, place, column)

    def _plain(self, table: str, place: Column, column: SeenColumn) -> ColumnPlan:
        link = self.links.written_out(self.source, column) if place.type in _WRITTEN_OUT else None
        form = _lookup(column, link) if link else _form(table, place, column)
        return ColumnPlan(name=place.name, form=form, columns=(column.name,), why=_why(form, column, place, link))

    def _reference(self, place: Column, column: SeenColumn, table: str) -> ColumnPlan:
        link = self.links.reference(self.source, column.name, table)
        form = self._as_spelt_there(column, link) if link is None or link.is_direct else _lookup(column, link)
        return ColumnPlan(name=place.name, form=form, columns=(column.name,), why=reason(column, place, link))

    def _as_spelt_there(self, column: SeenColumn, link: Link | None) -> Form:
        """The column, with the values that the other file spells differently: `GTXPro` is `GTX Pro` there."""
        spellings = self.links.spellings(column, link) if link else {}
        return {"column": column.name, "values": spellings} if spellings else column.name

    def _made(self, table: str, place: Column) -> ColumnPlan | None:
        """A column that is put together from others."""
        if place.name == "name" and table in NAMES_OF_PEOPLE:
            return self._joined_name(place.name, table)
        if place.name == "customer_id":
            return self._joined_name(place.name, "customers")
        if place.name == "order_id" and self.reading.shape.table == "order_lines":
            return self._order_of_customer_and_time()
        if place.name == "won":
            return self._won_by_stage()
        if (table, place.name) == ("customers", "kind") and self.reading.shape.table == table:
            return self._kind()
        return None

    def _kind(self) -> ColumnPlan | None:
        """Persons or organisations, where the columns are of one sort alone."""
        said = {target.column for target in self.reading.matches if target.table == "customers"}
        words = {each for column in self.seen.columns for each in tokens(column.name)}
        business = bool(said & _OF_ORGANISATIONS or words & {"company", "公司名称", "企业名称", "单位名称"})
        person = bool(said & _OF_PERSONS)
        if business == person:
            return None
        kind = "business" if business else "consumer"
        return ColumnPlan(name="kind", form={"value": kind}, why=text(f"proposal.why-{kind}"))

    def _joined_name(self, name: str, table: str) -> ColumnPlan | None:
        first, last = (self.reading.column_of(Target(table, part)) for part in ("first_name", "last_name"))
        if last is None:
            return None
        if first is None:
            return ColumnPlan(name=name, form=last, columns=(last,), why=text("proposal.why-last-name"))
        chinese = is_chinese(first)
        columns = (last, first) if chinese else (first, last)
        form = {"columns": list(columns), "join": "" if chinese else " "}
        return ColumnPlan(name=name, form=form, columns=columns, why=text("proposal.why-name-parts"))

    def _order_of_customer_and_time(self) -> ColumnPlan | None:
        customer = self.reading.column_of(Target("customers", "customer_id"))
        time = self.reading.column_of(Target("orders", "ordered_at"))
        if customer is None or time is None:
            return None
        form = {"columns": [customer, time], "join": " "}
        return ColumnPlan(name="order_id", form=form, columns=(customer, time), why=text("proposal.why-order-made"))

    def _won_by_stage(self) -> ColumnPlan | None:
        stage = self.reading.column_of(Target("opportunities", "stage"))
        if stage is None:
            return None
        column = self.seen.by_name[stage]
        words = translated("opportunities", "won", column.values)
        if "true" not in words.values():
            return None
        values = {value: _truth(words.get(value)) for value, _ in column.values}
        form = {"column": stage, "values": values}
        return ColumnPlan(name="won", form=form, columns=(stage,), why=text("proposal.why-won", stage=stage))


def _why(form: Form, column: SeenColumn, place: Column, link: Link | None) -> Text:
    """What speaks for a column, and for how it is read where that is not plain to see."""
    read = form.get("as") if isinstance(form, Mapping) else None
    return text(f"proposal.why-{read}") if read in {"share", "percent"} else reason(column, place, link)


def _lookup(column: SeenColumn, link: Link | None) -> Form:
    if link is None:
        return column.name
    return {"column": column.name, "lookup": {"source": link.source, "key": link.key, "column": link.column}}


def _form(table: str, place: Column, column: SeenColumn) -> Form:
    """How carpel.yaml takes a column's values: as they are, or as a year, a share, or by a list of words."""
    if place.type in {ValueType.DATE, ValueType.INSTANT} and not column.is_dated and is_year(column):
        return {"column": column.name, "as": "year"}
    if place.name == "discount" and is_share(column):
        return {"column": column.name, "as": as_share(column)}
    if place.name == "active" and _says_the_opposite(column.name):
        return {
            "column": column.name,
            "values": {value: _truth("false" if _on(value) else "true") for value, _ in column.values},
        }
    if place.values or (table, place.name) == ("opportunities", "won"):
        words = translated(table, place.name, column.values)
        # A word without a counterpart says nothing that the contract knows; an unknown kind is no kind.
        if words:
            return {"column": column.name, "values": _of_words(place, column, words)}
    return column.name


def _of_words(place: Column, column: SeenColumn, words: dict[str, str]) -> dict[str, object]:
    if place.type is ValueType.BOOLEAN:
        return {value: _truth(words.get(value)) for value, _ in column.values}
    return {value: words.get(value) for value, _ in column.values if words.get(value) != value}


def _says_the_opposite(name: str) -> bool:
    return squashed(name) in {"discontinued", "停产", "是否停产"}


def _on(value: str) -> bool:
    return squashed(value) in {"1", "true", "yes", "y", "是", "t"}


def _truth(word: str | None) -> bool | None:
    return None if word is None else word == "true"
