"""Holding: a customer stays in a segment at least so long, unless an urgent one asks for them.

A customer is held while all of this is true: the scheme holds at all and they are in its base; the segment that they
were in is still there; its time has not come; and the segment that the rules give now, with those above it, is not
urgent. Time begins on the day they enter. Who was in a segment before the scheme held anybody is not held.

A segment that has been divided since holds its customers as before: each is in the part that its rules give them, and
their time does not begin anew. So refining a segment moves nobody out of it, held or not.

Written twice, for the engine and for one customer; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.kernel.dates import AsOf
from carpel.schemes.placing import Interpreter
from carpel.schemes.values import Scheme

PREVIOUS: Final = "previous"
"""The table that an engine binds to the assignments before."""
HOME: Final = "__home"
"""The column with the leaf that a customer has who stays where they were."""


@dataclass(frozen=True, kw_only=True)
class Previous:
    """The assignments before these, which a hold looks back to.

    Attributes:
        files: Parquet with `customer_id` and the two columns below; ids once each.
        segment: The column with the segment.
        held_until: The column with the day on which its hold ends.
    """

    files: tuple[Path, ...]
    segment: str = "segment"
    held_until: str = "held_until"

    def unbound(self) -> Any:
        """`customer_id, previous_segment, previous_held_until`, of everyone who was in a segment."""
        columns = {"customer_id": "string", self.segment: "string", self.held_until: "date"}
        table = ibis.table(columns, name=PREVIOUS)
        chosen = table.select(
            "customer_id", previous_segment=table[self.segment], previous_held_until=table[self.held_until]
        )
        return chosen.filter(chosen.previous_segment.notnull())

    @property
    def bindings(self) -> Mapping[str, tuple[Path, ...]]:
        """What an engine needs to know to read it."""
        return {PREVIOUS: self.files}


@dataclass(frozen=True, kw_only=True)
class Held:
    """Where a customer is in the end.

    Attributes:
        segment: The segment that they are in; None outside the base.
        until: The day on which they may leave it by a rule; None where nothing holds them.
    """

    segment: str | None
    until: date | None


def held(scheme: Scheme, by_rule: str | None, as_of: date, home: str | None, until: date | None) -> Held:
    """Where one customer is, given where the rules put them.

    Args:
        scheme: The scheme.
        by_rule: The leaf that the rules give; None outside the base.
        as_of: The day.
        home: The leaf that they have where they stay, as `home_of` says; None where they can stay in none.
        until: The day on which that hold ends, where there was one.
    """
    if by_rule is None or not scheme.hold:
        return Held(segment=by_rule, until=None)
    stays = home is not None and until is not None and as_of < until and by_rule not in urgent(scheme)
    segment = home if stays else by_rule
    if segment == home:
        return Held(segment=segment, until=until)
    return Held(segment=segment, until=as_of + scheme.hold)


def home_of(reader: Interpreter, previous: str | None, values: Mapping[str, object]) -> str | None:
    """The leaf of a customer who stays in the segment that they were in.

    That segment itself; the part that its rules give where it has been divided since; None where it is no more.
    """
    if previous is None or previous not in reader.bound.scheme.paths:
        return None
    segment = reader.bound.scheme.segment(previous)
    return reader.path_below(segment, reader.row(values))[-1].key if segment.segments else previous


def with_holds(scheme: Scheme, ruled: Any, as_of: AsOf, *, looks_back: bool) -> Any:
    """The rows with `segment` and `held_until`, from `segment_by_rule` and what was before.

    Args:
        scheme: The scheme.
        ruled: One row per customer with `segment_by_rule, previous_held_until`, and with `HOME` where anything
            was before.
        as_of: The moment of the profiles.
        looks_back: Whether anything was before.
    """
    if not scheme.hold:
        return ruled.mutate(segment=ruled.segment_by_rule, held_until=ibis.null("date"))
    enters = ibis.literal(as_of.day + scheme.hold)
    inside = ruled.segment_by_rule.notnull()
    if not looks_back:
        return ruled.mutate(segment=ruled.segment_by_rule, held_until=ibis.ifelse(inside, enters, ibis.null("date")))
    stays = inside & _stays(scheme, ruled, as_of).fill_null(ibis.or_())
    placed = ruled.mutate(segment=ibis.ifelse(stays, ruled[HOME], ruled.segment_by_rule))
    same = placed.segment == placed[HOME]
    until = ibis.cases((placed.segment.isnull(), ibis.null("date")), (same, placed.previous_held_until), else_=enters)
    return placed.mutate(held_until=until)


def _stays(scheme: Scheme, ruled: Any, as_of: AsOf) -> Any:
    waits = ruled[HOME].notnull() & (ruled.previous_held_until > ibis.literal(as_of.day))
    hurried = urgent(scheme)
    return waits & ~ruled.segment_by_rule.isin(sorted(hurried)) if hurried else waits


@lru_cache(maxsize=64)
def urgent(scheme: Scheme) -> frozenset[str]:
    """The leaves that customers enter at once: they, or a segment above them, are urgent."""
    return frozenset(
        leaf.key for leaf in scheme.leaves if any(scheme.segment(above).urgent for above in scheme.paths[leaf.key])
    )
