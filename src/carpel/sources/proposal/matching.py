"""Which column of a file goes where, under each reading of its rows; and which reading is the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from carpel.crm import TABLES
from carpel.sources.proposal.assignment import best_assignment
from carpel.sources.proposal.evidence import SeenColumn, SeenTable
from carpel.sources.proposal.plausibility import key_plausibility, plausibility
from carpel.sources.proposal.shapes import KEY_TABLES, NAMES_OF_PEOPLE, SHAPES, Shape, Target
from carpel.sources.proposal.vocabulary import NAME_PARTS, SURE, meanings, sounds_like_key, tables_called, words
from carpel.sources.proposal.words import squashed

BELIEVED: Final = 0.35
"""Below this no column is mapped."""
CLOSE: Final = 0.75
"""A rival with this share of the winner's score is worth a question."""
_FORCED: Final = 100.0
_AGREE: Final = 0.9
_CANDIDATES: Final = 8

_NAME_OF_CUSTOMER: Final = Target("customers", "name")
_NAMELESS: Final = frozenset({"orders", "invoices", "payments"})
"""Rows that have no name of their own: a name on them is their customer's, where it is the same on all of one."""

# A word such as `source` or `created at`, in a row of something else, is about that and not about its customer.
_OF_CUSTOMERS_ALONE: Final = frozenset(
    Target("customers", each) for each in ("acquired_at", "acquisition_channel", "kind", "relationship", "occupation")
)

# What numbers and codes in a row may belong to without being the row's own key.
_BESIDE_A_KEY: Final = frozenset(
    {
        None,
        "phone",
        "telephone",
        "mobile",
        "contact",
        "fax",
        "tax",
        "postal",
        "post",
        "zip",
        "country",
        "state",
        "currency",
    }
)

Override = Mapping[Target, str]
"""Answers: for a target the column that a person chose."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """A column and its place.

    Attributes:
        column: As in the file.
        target: Where it goes.
        score: How far that is believed.
        rivals: Columns that could have gone there nearly as well, and have no better place.
    """

    column: str
    target: Target
    score: float
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file's rows read as a shape.

    Attributes:
        seen: The file.
        shape: What one row is.
        matches: By target.
        score: How good a reading it is, to compare with others of the same file.
    """

    seen: SeenTable
    shape: Shape
    matches: Mapping[Target, Match] = field(default_factory=dict)
    score: float = 0.0

    def column_of(self, target: Target) -> str | None:
        """The column that goes there, if any."""
        found = self.matches.get(target)
        return found.column if found else None

    def has(self, *names: str) -> bool:
        """Whether any of some `table.column`s is matched."""
        return any(Target(*name.split(".")) in self.matches for name in names)


def best_reading(seen: SeenTable, overrides: Override) -> Reading | None:
    """The reading of a file that explains its columns best; None where none does.

    Args:
        seen: The file.
        overrides: What a person has decided already.
    """
    found = [each for shape in SHAPES if (each := read_as(seen, shape, overrides)) is not None]
    return max(found, key=lambda each: each.score, default=None)


def read_as(seen: SeenTable, shape: Shape, overrides: Override) -> Reading | None:
    """A file's rows read as one shape; None where what the shape needs is not there."""
    called = tables_called(seen.title)
    if (shape.named and shape.table not in called) or called == {"things"}:
        return None
    scores = _scores(seen, shape, overrides)
    chosen = best_assignment(scores)
    matches = {target: _match(column, target, scores, chosen) for column, target in chosen.items()}
    reading = Reading(seen=seen, shape=shape, matches=matches)
    if not _has_needs(reading) or _belongs_to_another_thing(reading):
        return None
    return Reading(seen=seen, shape=shape, matches=matches, score=_worth(reading, called))


def _match(
    column: str, target: Target, scores: Mapping[tuple[str, Target], float], chosen: Mapping[str, Target]
) -> Match:
    score = scores[column, target]
    close = [
        (-each, other)
        for (other, place), each in scores.items()
        if place == target and other not in chosen and each >= CLOSE * score
    ]
    return Match(column=column, target=target, score=score, rivals=tuple(other for _, other in sorted(close)))


def _has_needs(reading: Reading) -> bool:
    return all(reading.has(*group) for group in reading.shape.needs)


def _belongs_to_another_thing(reading: Reading) -> bool:
    """Whether the rows have a key of their own which is not this table's: a supplier is no customer."""
    key = Target(reading.shape.table, TABLES[reading.shape.table].key)
    if key in reading.matches:
        return False
    keys = {match.column for target, match in reading.matches.items() if target.is_key}
    return any(
        column.is_unique and column.name not in keys and sounds_like_key(column.name) not in _BESIDE_A_KEY
        for column in reading.seen.columns
    )


def _worth(reading: Reading, called: frozenset[str]) -> float:
    """The belief in all matches, with what the file's name says."""
    own = sum(min(match.score, 1.0) for match in reading.matches.values() if match.target.table == reading.shape.table)
    # What is carried counts a little less, so that between equal readings the simpler one stands.
    carried = sum(
        min(match.score, 1.0) for match in reading.matches.values() if match.target.table != reading.shape.table
    )
    name = 1.5 if reading.shape.table in called else (-0.5 if called else 0.0)
    return own + 0.95 * carried + name


def _scores(seen: SeenTable, shape: Shape, overrides: Override) -> dict[tuple[str, Target], float]:
    """For each column and each place that its name may mean: how far that is believed."""
    found: dict[tuple[str, Target], float] = {}
    for position, column in enumerate(seen.columns):
        for target, strength in _targets(column.name, shape).items():
            score = strength * _plausible(column, target, shape) - position * 1e-6
            if score >= BELIEVED:
                found[column.name, target] = score
    found = {pair: score * _agreement(seen, pair, shape, found) for pair, score in found.items()}
    return _decided({pair: score for pair, score in found.items() if score >= BELIEVED}, seen, overrides)


def _likeliest(scores: Mapping[tuple[str, Target], float]) -> dict[tuple[str, Target], float]:
    """For each place only the columns that may win it, so that a file of thousands of columns is still solved."""
    best: dict[Target, list[tuple[float, str]]] = {}
    for (column, target), score in scores.items():
        best.setdefault(target, []).append((-score, column))
    kept = {(column, target) for target, found in best.items() for _, column in sorted(found)[:_CANDIDATES]}
    return {pair: score for pair, score in scores.items() if pair in kept}


def _decided(
    scores: Mapping[tuple[str, Target], float], seen: SeenTable, overrides: Override
) -> dict[tuple[str, Target], float]:
    scores = _likeliest(scores)
    kept = {
        (column, target): score
        for (column, target), score in scores.items()
        if target not in overrides and column not in overrides.values()
    }
    forced = {(column, target): _FORCED for target, column in overrides.items() if column in seen.by_name}
    return kept | forced


def _targets(name: str, shape: Shape) -> dict[Target, float]:
    """Where a column of that name may go in a row of that shape, and how far its name says so."""
    found: dict[Target, float] = {}
    generic = squashed(name) in words("generic")
    for meaning in meanings(name):
        target = _place(meaning.table, meaning.column, shape)
        if target is None:
            continue
        strength = meaning.strength * _standing(
            meaning.table, target, shape, generic=generic, sure=meaning.strength == SURE
        )
        # A key is worth a little more than a name, so that a lone `product` is the product's key.
        found[target] = max(found.get(target, 0.0), strength * (1.05 if target.is_key else 1.0))
    return found


def _place(table: str, column: str, shape: Shape) -> Target | None:
    """The target of a meaning in a shape; None where such a row has no place for it."""
    if column in KEY_TABLES and KEY_TABLES[column] != table and column != "employee_id":
        return _reference(column, shape)
    if column in KEY_TABLES:
        return _reference(column, shape)
    if table not in shape.tables:
        return None
    if column in NAME_PARTS:
        return Target(table, column) if table in NAMES_OF_PEOPLE else None
    return Target(table, column)


def _reference(key: str, shape: Shape) -> Target | None:
    holds = any(key in TABLES[table].names for table in shape.tables)
    return Target(KEY_TABLES[key], key) if holds else None


def _standing(table: str, target: Target, shape: Shape, *, generic: bool, sure: bool) -> float:
    """How much a word counts that was meant for one table, in a row of another."""
    if table == shape.table and (not target.is_key or target.table == shape.table):
        return 1.0
    if target in _OF_CUSTOMERS_ALONE and not sure:
        return 0.3
    if target == _NAME_OF_CUSTOMER and shape.table in _NAMELESS:
        return 0.95
    if generic:
        near = shape.table == "order_lines" and target.table == "orders"
        return 0.6 if near or target.column == "ordered_at" else 0.3
    return 0.95


def _plausible(column: SeenColumn, target: Target, shape: Shape) -> float:
    if target.is_key and target.table == shape.table:
        return key_plausibility(column)
    # An order's key stands on every line of it, so a column that is mostly blank is not it.
    if target.is_key and target.table == "orders" and shape.table == "order_lines":
        return plausibility(column, target.table, target.column) * (1.0 if column.nulls == 0 else column.filled_share)
    return plausibility(column, target.table, target.column)


def _agreement(
    seen: SeenTable, pair: tuple[str, Target], shape: Shape, scores: Mapping[tuple[str, Target], float]
) -> float:
    """How far rows with the same key agree on what is said of the thing with that key."""
    column, target = pair
    if target.is_key or shape.table == "customers":
        return 1.0
    order = _key_column("orders", scores)
    if shape.table == "order_lines" and target in {Target("order_lines", "amount"), Target("order_lines", "discount")}:
        whole = seen.determined.get((order or "", column), 0.0)
        return 0.2 if whole >= _AGREE and _rows_repeat(seen, order) else 1.0
    if target.table == shape.table:
        return 1.0
    key = _key_column(target.table, scores)
    agree = seen.determined.get((key or "", column), 1.0)
    return _trust(agree, needed=_AGREE if target.table == "orders" else 0.6)


def _trust(agree: float, *, needed: float) -> float:
    return 1.0 if agree >= needed else (0.5 if agree >= needed * 0.8 else 0.2)


def _rows_repeat(seen: SeenTable, key: str | None) -> bool:
    return key is not None and seen.by_name[key].repetition > 1.0


def _key_column(table: str, scores: Mapping[tuple[str, Target], float]) -> str | None:
    """The column most likely to be a table's key, before the assignment is solved."""
    key = Target(table, TABLES[table].key)
    found = [(score, column) for (column, target), score in scores.items() if target == key]
    return max(found)[1] if found else None
