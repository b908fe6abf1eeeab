"""From facts to what customers mean to do, as it was known at a moment, in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.texts import Text
from carpel.models.frames.moments import sampled
from carpel.models.intent.minds import Minds
from carpel.models.intent.telling import Telling, learn
from carpel.models.intent.words import Intent
from carpel.models.voice.hearing import ROWS, moment_of, these
from carpel.profiles.available import table_behind
from carpel.profiles.rows import known_rows, with_returns
from carpel.profiles.seen import rows_as_seen

_TALK: Final = ("customer_no", "day", "happened_at", "kind", "outcome", "text")
_DEAL: Final = ("customer_no", "day", "opened_at", "stage", "closed_at", "won")
_PURCHASE: Final = ("customer_no", "day", "is_return")

Outcomes = Mapping[str, Intent | None]


def learn_telling(facts: Facts, as_of: AsOf, engine: Engine, outcomes: Outcomes | None = None) -> Telling | Text:
    """Learn from a company's own interactions, at most of a sample of its customers; else, what is missing."""
    query = _interactions(facts, as_of)
    batches = () if query is None else engine.batches(query, facts.bindings(sampled(facts)), rows=ROWS)
    return learn(batches, outcomes)


def gather(
    facts: Facts,
    as_of: AsOf,
    engine: Engine,
    telling: Telling | None,
    buckets: Sequence[int],
    outcomes: Outcomes | None = None,
) -> Minds:
    """What the customers of some buckets mean to do.

    Args:
        facts: What happened.
        as_of: Nothing at or after this moment counts.
        engine: Where expressions run.
        telling: What was learned of words, if anything.
        buckets: Of which customers.
        outcomes: What the workspace's own words for outcomes and stages mean.
    """
    minds = Minds(as_of, telling, outcomes)
    bindings = facts.bindings(buckets)
    for query, add in (
        (_interactions(facts, as_of), minds.add_interactions),
        (_opportunities(facts, as_of), minds.add_opportunities),
        (_purchases(facts, as_of), minds.add_purchases),
    ):
        for batch in () if query is None else engine.batches(query, bindings, rows=ROWS):
            add(batch)
    return minds


def _interactions(facts: Facts, as_of: AsOf) -> Any:
    if "interactions" not in facts.tables:
        return None
    return these(known_rows(facts, "interactions", moment_of(as_of)), _TALK)


def _opportunities(facts: Facts, as_of: AsOf) -> Any:
    """With the day on which they were closed even where that is still to come: by it their stage of today is known."""
    if "opportunities" not in facts.tables:
        return None
    moment = moment_of(as_of)
    rows = rows_as_seen(facts, "opportunities", moment)
    return these(rows.filter(rows.opened_at < moment.instant), _DEAL)


def _purchases(facts: Facts, as_of: AsOf) -> Any:
    """The days on which customers bought; a return is no purchase."""
    table = table_behind("purchases", facts)
    if table not in facts.tables:
        return None
    rows = these(with_returns(known_rows(facts, table, moment_of(as_of))), _PURCHASE)
    bought = rows.filter(~rows.is_return)
    return bought.group_by("customer_no").agg(day=bought.day.max())
