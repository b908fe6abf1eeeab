"""Columns that serve twice: an address identifies where no key does, and a key may be a name as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from carpel.crm import TABLES
from carpel.sources.proposal.evidence import Evidence
from carpel.sources.proposal.matching import Match, Override, Reading
from carpel.sources.proposal.plausibility import plausibility
from carpel.sources.proposal.shapes import Target
from carpel.sources.proposal.vocabulary import meanings

_STAND_INS: Final = {
    "customers": ("email", "phone", "name"),
    "products": ("name",),
    "employees": ("name",),
    "contacts": ("email", "name"),
}
_DOUBTED: Final = 0.5
_REFERRED: Final = 0.5
_ORGANISATION: Final = frozenset({Target("customers", "industry"), Target("customers", "employees")})


def completed(reading: Reading, overrides: Override, evidence: Evidence) -> Reading:
    """The reading with every column that serves twice at both of its places."""
    matches = dict(reading.matches)
    if not _ORGANISATION & matches.keys():
        # What a person has brought in is no company's turnover.
        matches.pop(Target("customers", "annual_revenue"), None)
    for table in reading.shape.tables:
        if table in _STAND_INS:
            key = Target(table, TABLES[table].key)
            if key not in matches:
                matches |= _stand_in(replace(reading, matches=matches), table, key, evidence)
            if key in matches:
                matches |= _also_a_name(replace(reading, matches=matches), table, matches[key].column, overrides)
    return replace(reading, matches=matches)


def _stand_ins(reading: Reading, table: str, evidence: Evidence) -> tuple[str, ...]:
    """Columns that could identify a table's things, the best first."""
    found = [
        match.column for name in _STAND_INS[table] if (match := reading.matches.get(Target(table, name))) is not None
    ]
    if reading.shape.table != table:
        return tuple(found)
    source = reading.seen.name
    # What other files call these things by comes before what merely happens to be unique.
    return tuple(
        sorted(
            found,
            key=lambda name: (evidence.referred(source, name) < _REFERRED, not reading.seen.by_name[name].is_unique),
        )
    )


def _stand_in(reading: Reading, table: str, key: Target, evidence: Evidence) -> dict[Target, Match]:
    found = _stand_ins(reading, table, evidence)
    if not found:
        return {}
    return {key: Match(column=found[0], target=key, score=_DOUBTED, rivals=found[1:])}


def _also_a_name(reading: Reading, table: str, column: str, overrides: Override) -> Iterator[tuple[Target, Match]]:
    """What a key tells beside: an e-mail address that identifies customers is still their e-mail address."""
    seen = reading.seen.by_name[column]
    key = Target(table, TABLES[table].key)
    if reading.shape.table != table and key not in overrides and reading.matches[key].score > _DOUBTED:
        return
    for name in _STAND_INS[table]:
        target = Target(table, name)
        says_so = any((each.table, each.column) == (table, name) for each in meanings(column))
        if says_so and target not in reading.matches and target not in overrides:
            score = plausibility(seen, table, name)
            if score > _DOUBTED:
                yield target, Match(column=column, target=target, score=score)
