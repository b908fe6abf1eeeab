"""From facts to texts, as they were known at a moment, in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.models.frames.moments import sampled
from carpel.models.voice.customers import Heard
from carpel.models.voice.needs import Need, unmet_by_customer, unmet_needs
from carpel.models.voice.reviews import Rated, column, rated
from carpel.models.voice.themes import Themes, learn_themes
from carpel.models.voice.voices import Voices, learn
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows

ROWS: Final = 8_192
"""Texts in memory at once."""
_FEEDBACK: Final = ("customer_no", "day", "text", "score", "scale_max", "language")
_TALK: Final = ("customer_no", "day", "text")
_ASKED: Final = "consultation"


def moment_of(as_of: AsOf) -> Moment:
    """What expressions over rows may use; no population numbers are."""
    return Moment(as_of=as_of, parameters=Parameters(known_through=as_of))


def these(rows: Any, names: Sequence[str]) -> Any:
    """Those of some columns that are there."""
    return rows.select(*(name for name in names if name in rows.columns))


def learn_voices(facts: Facts, as_of: AsOf, engine: Engine, given: Iterable[pa.RecordBatch] = ()) -> Voices:
    """Learn from a company's own rated feedback, at most of a sample of its customers, and from given reviews."""
    return learn(_feedback(facts, as_of, engine, sampled(facts)), given)


def heard(facts: Facts, as_of: AsOf, engine: Engine, voices: Voices, buckets: Sequence[int]) -> pa.Table:
    """What the feedback of each customer of some buckets says together; by the schema of `Heard`."""
    found = Heard()
    for batch in _feedback(facts, as_of, engine, buckets):
        found.add(batch, voices.score(batch))
    return found.table()


def learn_topics(facts: Facts, as_of: AsOf, engine: Engine) -> Themes:
    """What consultations and feedback are about, at most of a sample of customers."""
    buckets = sampled(facts)
    return learn_themes(_both(_asked(facts, as_of, engine, buckets), _feedback(facts, as_of, engine, buckets)))


def needs(
    facts: Facts, as_of: AsOf, engine: Engine, voices: Voices, themes: Themes, buckets: Sequence[int] | None = None
) -> tuple[Need, ...]:
    """Themes of consultations and of feedback other than praise that no bought product answers.

    Args:
        facts: What happened.
        as_of: Nothing at or after this moment counts.
        engine: Where expressions run.
        voices: Who says which feedback is praise.
        themes: What they speak of.
        buckets: Of which customers; of all where none are named.
    """
    wanted = range(facts.bucket_count) if buckets is None else buckets
    feedback = (_with_mood(batch, voices) for batch in _feedback(facts, as_of, engine, wanted))
    entries = _both(_asked(facts, as_of, engine, wanted), feedback)
    return unmet_needs(themes, entries, _bought(facts, as_of, engine, wanted), _products(facts, engine))


@dataclass(frozen=True)
class Latest:
    """What a customer wrote last.

    Attributes:
        day: When.
        entry: What, with its rating if it has one.
    """

    day: date
    entry: Rated


def latest(facts: Facts, as_of: AsOf, engine: Engine, buckets: Sequence[int]) -> dict[int, Latest]:
    """The last entry of feedback of each customer of some buckets of which something may be said, by number."""
    found: dict[int, Latest] = {}
    for batch in _feedback(facts, as_of, engine, buckets):
        told = (column(batch, "customer_no"), column(batch, "day"), rated([batch]))
        for customer, day, entry in zip(*told, strict=True):
            if customer is None or day is None or (entry.mood is None and not entry.text.strip()):
                continue
            before = found.get(customer)
            # Of one day's entries the first in the order of their words, in whichever order they come.
            if before is None or (day, entry.text) > (before.day, before.entry.text):
                found[customer] = Latest(day, entry)
    return found


def spoken_of(
    facts: Facts, as_of: AsOf, engine: Engine, voices: Voices, themes: Themes, buckets: Sequence[int]
) -> tuple[dict[int, str], dict[int, str]]:
    """What each customer speaks of most, and the theme that nothing they bought answers, by number.

    Praise is no need; of equally frequent themes the larger one.
    """
    feedback = (_with_mood(batch, voices) for batch in _feedback(facts, as_of, engine, buckets))
    entries = list(_both(_asked(facts, as_of, engine, buckets), feedback))
    about: dict[int, Counter[str]] = {}
    for batch in entries:
        for customer, theme in zip(column(batch, "customer_no"), themes.about(batch), strict=True):
            if customer is not None and theme is not None:
                about.setdefault(customer, Counter())[theme.key] += 1
    unmet = unmet_by_customer(themes, entries, _bought(facts, as_of, engine, buckets), _products(facts, engine))
    names, order = {each.key: each.name for each in themes.all}, [each.key for each in themes.all]
    most = {customer: max(order, key=lambda key: said[key]) for customer, said in about.items()}
    missed = {customer: next(key for key in order if key in keys) for customer, keys in unmet.items()}
    return (
        {customer: names[key] for customer, key in most.items()},
        {customer: names[key] for customer, key in missed.items()},
    )


def _feedback(facts: Facts, as_of: AsOf, engine: Engine, buckets: Sequence[int]) -> Iterator[pa.RecordBatch]:
    if "feedback" not in facts.tables:
        return
    rows = known_rows(facts, "feedback", moment_of(as_of))
    yield from engine.batches(these(rows, _FEEDBACK), facts.bindings(buckets), rows=ROWS)


def _asked(facts: Facts, as_of: AsOf, engine: Engine, buckets: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """Texts of consultations; of all interactions where no kinds are told apart."""
    table = facts.tables.get("interactions")
    if table is None or "text" not in table.columns:
        return
    rows = known_rows(facts, "interactions", moment_of(as_of))
    if "kind" in table.columns:
        rows = rows.filter(rows.kind == _ASKED)
    yield from engine.batches(these(rows.filter(rows.text.notnull()), _TALK), facts.bindings(buckets), rows=ROWS)


def _bought(facts: Facts, as_of: AsOf, engine: Engine, buckets: Sequence[int]) -> Iterator[pa.RecordBatch]:
    table = facts.tables.get("order_lines")
    if table is None or "product_id" not in table.columns:
        return
    rows = known_rows(facts, "order_lines", moment_of(as_of))
    wanted = rows.filter(~rows.is_return & rows.product_id.notnull()).select("customer_no", "product_id").distinct()
    yield from engine.batches(wanted, facts.bindings(buckets))


def _products(facts: Facts, engine: Engine) -> Iterator[pa.RecordBatch]:
    table = facts.tables.get("products")
    if table is None:
        return
    wanted = these(table.unbound(), ("product_id", "name", "category", "line"))
    yield from engine.batches(wanted, facts.bindings(()))


def _with_mood(batch: pa.RecordBatch, voices: Voices) -> pa.RecordBatch:
    return batch.append_column("mood", voices.score(batch).column("mood"))


def _both(first: Iterable[pa.RecordBatch], second: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield from first
    yield from second
