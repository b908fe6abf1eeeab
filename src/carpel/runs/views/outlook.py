"""What models say of one customer, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from carpel.kernel.engine import Engine
from carpel.kernel.texts import Text
from carpel.models import Customers, Reason, is_end
from carpel.models.attributes import HIGH, LOW
from carpel.profiles import Attribute
from carpel.runs.fingerprints import NUMBER
from carpel.runs.modelling import declared
from carpel.runs.opening import Run
from carpel.runs.views.card import Person
from carpel.runs.views.words import estimated


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a model says of one customer.

    Attributes:
        attribute: What it answers.
        shown: What it says, as people read it.
        low: The lower end of its 95 % interval; None where it has none.
        high: The upper end.
    """

    attribute: Attribute
    shown: Text
    low: Text | None
    high: Text | None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What one model says of one customer.

    Attributes:
        model: Its key.
        asks: Its question.
        answers: What it says.
        reasons: Why, the strongest first.
    """

    model: str
    asks: Text
    answers: tuple[Answer, ...]
    reasons: tuple[Reason, ...]


def outlooks(people: Sequence[Person], engine: Engine) -> tuple[tuple[Outlook, ...], ...]:
    """What every model of the run says of some customers; why, only where the facts are still kept.

    Raises:
        CarpelError: What a model learned is gone, or was changed.
    """
    why = _reasons(people, engine)
    return tuple(tuple(_outlooks(each, why.get(each.number, {}))) for each in people)


def _outlooks(person: Person, why: Mapping[str, tuple[Reason, ...]]) -> Iterator[Outlook]:
    for model in declared(person.run.manifest.models):
        answers = tuple(_answers(person, model.attributes))
        if answers:
            yield Outlook(model=model.key, asks=model.asks, answers=answers, reasons=why.get(model.key, ()))


def _answers(person: Person, attributes: Sequence[Attribute]) -> Iterator[Answer]:
    run, profile = person.run, person.profile()
    held = run.catalogue.available
    for each in attributes:
        if each.key not in held or is_end(each.key, run.catalogue):
            continue
        words = _shown(person, each, profile.get(each.key))
        if words is not None:
            ends = [_shown(person, held.get(each.key + end), profile.get(each.key + end)) for end in (LOW, HIGH)]
            yield Answer(attribute=each, shown=words, low=ends[0], high=ends[1])


def _shown(person: Person, attribute: Attribute | None, stored: object) -> Text | None:
    if attribute is None:
        return None
    return estimated(attribute, stored, person.run.currency, person.figures.names_of(attribute.key))


def _reasons(people: Sequence[Person], engine: Engine) -> dict[int, dict[str, tuple[Reason, ...]]]:
    """By the customer's number, then by model; each bucket is read once."""
    found: dict[int, dict[str, tuple[Reason, ...]]] = {}
    facts = people[0].facts if people else None
    if facts is None or not people[0].run.manifest.models:
        return found
    buckets: dict[int, dict[int, Person]] = {}
    for each in people:
        buckets.setdefault(each.number // facts.bucket_size, {})[each.number] = each
    for bucket, inside in buckets.items():
        customers = _customers(people[0].run, [inside[number] for number in sorted(inside)], bucket, engine)
        for model, learned in people[0].run.models.items():
            for number, reasons in zip(sorted(inside), learned.reasons(customers), strict=True):
                found.setdefault(number, {})[model] = reasons
    return found


def _customers(run: Run, people: Sequence[Person], bucket: int, engine: Engine) -> Customers:
    """Their rows, computed again where the run did not keep all that models go by."""
    ground, needed = run.basis.ground(engine), {key for each in run.models.values() for key in each.needs}
    rows = pa.concat_tables(each.row for each in people)
    if not needed <= set(rows.column_names):
        whole = engine.read(run.basis.steps(), run.facts.bindings((bucket,))).sort_by(NUMBER)
        rows = whole.filter(pc.is_in(whole[NUMBER], value_set=rows[NUMBER].combine_chunks()))
    return Customers(profiles=rows, buckets=(bucket,), ground=ground, some=True)
