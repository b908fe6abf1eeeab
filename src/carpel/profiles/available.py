"""Which attributes a workspace's facts can give."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from carpel.crm import Facts, FactTable, Known
from carpel.kernel.types import ValueType
from carpel.profiles.attributes import Attribute, Catalogue, Unavailable
from carpel.profiles.custom import CustomAttribute
from carpel.profiles.declarations import Declaration
from carpel.profiles.declared import BUILT_IN, pass_of
from carpel.profiles.declared.channels import channel_shares
from carpel.profiles.declared.customers import source_columns
from carpel.profiles.declaring import declare
from carpel.profiles.seen import OF_PRODUCT

ALWAYS: Final = ("customer_id", "relationship", "monetary_value")
"""Attributes that every profile holds where the facts give them, whatever is kept."""

_STANDS_FOR: Final = {"purchases": "orders", "revenue": "orders"}


def table_behind(name: str, facts: Facts) -> str:
    """The fact table that a pass reads: purchases are orders, else what the company's revenue is."""
    ledger = facts.ledger.table if facts.ledger else "orders"
    if name == "revenue":
        return ledger
    if name == "purchases":
        return "orders" if "orders" in facts.tables else ledger
    return name


def catalogue(facts: Facts, custom: Iterable[CustomAttribute] = (), keep: Collection[str] | None = None) -> Catalogue:
    """The attributes that these facts can give, and those that they cannot with what each wants.

    Args:
        facts: The staged facts.
        custom: Attributes that the workspace declares itself; they are always kept.
        keep: Compute only these of the others, and what they need. None keeps all.

    Raises:
        CarpelError: At the place of a workspace's own attribute that cannot be read against its table.
    """
    own = {each.key: declare(each, facts) for each in custom}
    declared = _declared(facts, own)
    missing: dict[str, tuple[str, ...]] = {}
    for key in declared:
        _missing(key, declared, facts, missing)
    wanted = None if keep is None else {*keep, *ALWAYS, *own}
    shown = [each for key, each in declared.items() if not key.startswith("__")]
    given = [each for each in shown if not missing[each.key] and (wanted is None or each.key in wanted)]
    return Catalogue(
        available={each.key: _attribute(each, facts, declared) for each in given},
        unavailable={
            each.key: Unavailable(attribute=_attribute(each, facts, declared), wants=missing[each.key])
            for each in shown
            if missing[each.key]
        },
        declarations={key: each for key, each in declared.items() if not missing[key]},
    )


def lacking(wants: Iterable[str], facts: Facts) -> tuple[str, ...]:
    """Tables and `table.column`s that these facts do not have; `a|b` means either."""
    return tuple(dict.fromkeys(_named(want) for want in wants if not _there(want, facts)))


def _declared(facts: Facts, own: Mapping[str, Declaration]) -> dict[str, Declaration]:
    """All declarations by key; the columns of the customers' source give way to names already taken."""
    declared = {**BUILT_IN, **{each.key: each for each in channel_shares(_channels(facts))}, **own}
    for each in source_columns(facts):
        holder = {key.casefold(): key for key in declared}.get(each.key.casefold())
        if holder is not None and _gives_way(declared[holder], each) and _missing(holder, declared, facts, {}):
            del declared[holder]
            holder = None
        key = each.key if holder is None else f"own_{each.key}"
        declared[key] = replace(each, key=key)
    return declared


def _channels(facts: Facts) -> tuple[str, ...]:
    """The channels of purchases, where they are few."""
    table = facts.tables.get(table_behind("purchases", facts))
    return table.columns["channel"].values if table and "channel" in table.columns else ()


def _gives_way(absent: Declaration, column: Declaration) -> bool:
    """Whether a source's own column may stand for a built-in attribute of that name that cannot be computed."""
    counts = {ValueType.INTEGER, ValueType.NUMBER}
    both_text = absent.type.is_text and column.type.is_text
    return absent.type is column.type or both_text or {absent.type, column.type} == counts


def _missing(
    key: str, declared: Mapping[str, Declaration], facts: Facts, found: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """What an attribute wants that the facts do not have; through the attributes it is worked out from."""
    if key not in found:
        each = declared.get(key)
        wants = [] if each is None else [want for want in _wants(each) if not _there(want, facts)]
        for use in each.uses if each else ():
            wants += _missing(use, declared, facts, found)
        found[key] = tuple(dict.fromkeys(_named(want) for want in wants))
    return found[key]


def _wants(declaration: Declaration) -> tuple[str, ...]:
    chain = pass_of(declaration)
    return (chain.table, *declaration.wants) if chain else declaration.wants


def _there(want: str, facts: Facts) -> bool:
    return any(_has(each, facts) for each in want.split("|"))


def _has(want: str, facts: Facts) -> bool:
    name, _, column = want.partition(".")
    table = facts.tables.get(table_behind(name, facts))
    if name == "revenue" and facts.ledger is None:
        return False
    return table is not None and (not column or column in table.columns)


def _named(want: str) -> str:
    """A want in the words of the fact tables."""
    name, dot, column = want.partition(".")
    return _STANDS_FOR.get(name, name) + dot + column


def _attribute(declaration: Declaration, facts: Facts, declared: Mapping[str, Declaration]) -> Attribute:
    since = _overwritten(declaration, facts, declared)
    return Attribute(
        key=declaration.key,
        family=declaration.family,
        type=declaration.type,
        unit=declaration.unit,
        label=declaration.shown_label,
        description=declaration.shown_description,
        needs=_tables(declaration, facts, declared),
        changeable=declaration.changeable,
        better=declaration.better,
        values=declaration.values,
        personal=declaration.personal,
        as_known_today=bool(since),
        known_since=max((each for each in since if each), default=None),
    )


def _tables(declaration: Declaration, facts: Facts, declared: Mapping[str, Declaration]) -> frozenset[str]:
    tables = {
        _STANDS_FOR.get(name, name) if table_behind(name, facts) not in facts.tables else table_behind(name, facts)
        for want in _wants(declaration)
        for name in [want.split("|")[0].partition(".")[0]]
    }
    return frozenset(tables).union(*(_tables(declared[use], facts, declared) for use in declaration.uses))


def _is_of_product(table: FactTable, column: str) -> bool:
    """Whether replays take it from the copies of its product."""
    return column in table.derived and column in OF_PRODUCT


def _overwritten(
    declaration: Declaration, facts: Facts, declared: Mapping[str, Declaration]
) -> tuple[datetime | None, ...]:
    """For each thing that a CRM overwrites and it stands on, since when imports keep it; nothing where there is none.

    What is kept of no import is known as of these facts' own.
    """
    found: list[datetime | None] = []
    for want in (each for wants in _wants(declaration) for each in wants.split("|")):
        name, _, column = want.partition(".")
        table = facts.tables.get(table_behind(name, facts))
        known = table.columns.get(column) if table and not _is_of_product(table, column) else None
        if known and known.known is Known.SNAPSHOT:
            found.append(known.first_seen or facts.seen_at)
        elif table and not column and (declaration.as_known_today or table.undated):
            found.append(table.first_seen or facts.seen_at)
    for use in (*declaration.uses, *declaration.uses_if_there):
        found += _overwritten(declared[use], facts, declared) if use in declared else ()
    return tuple(found)
