"""The questions that Carpel can ask of a company's past: which are asked, what they lack, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError, nearest
from carpel.models import MODELS, Card, Ground, Model
from carpel.profiles import catalogue
from carpel.profiles.available import lacking
from carpel.runs.knowing import moment_of, refuse_unknowable
from carpel.runs.opening import Run
from carpel.runs.settings import Settings


@dataclass(frozen=True, kw_only=True)
class ModelRow:
    """One model in the list of all.

    Attributes:
        model: The question.
        asked: Whether carpel.yaml lists it, so that the next run asks it.
        wants: Tables and columns that it would need and that the facts do not have.
        card: What came of it in the current run; None where that did not ask it.
    """

    model: Model
    asked: bool
    wants: tuple[str, ...]
    card: Card | None


def model_rows(settings: Settings, facts: Facts, current: Run | None) -> tuple[ModelRow, ...]:
    """Every model there is."""
    cards = current.cards if current else {}
    return tuple(
        ModelRow(model=each, asked=key in settings.models, wants=lacking(each.wants, facts), card=cards.get(key))
        for key, each in MODELS.items()
    )


def card_of(run: Run, key: str) -> Card:
    """What is told of a model of a run.

    Raises:
        CarpelError: There is no such model, or the run did not ask it.
    """
    known(key)
    if key not in run.cards:
        raise CarpelError("runs.model-not-asked", place="carpel.yaml", model=key, run=run.id)
    return run.cards[key]


def fitted(settings: Settings, engine: Engine, facts: Facts, key: str, as_of: AsOf | None, now: datetime) -> Card:
    """Learn a model as of a moment, without a run; nothing is kept.

    Args:
        settings: The workspace.
        engine: Where expressions run.
        facts: What happened.
        key: The model.
        as_of: The moment; None is what the next run would take.
        now: The present.

    Raises:
        CarpelError: There is no such model, it lacks what it learns from, or the facts say nothing of that moment.
    """
    model = known(key)
    wants = lacking(model.wants, facts)
    if wants:
        raise CarpelError("runs.model-lacks", place=key, model=key, wants=", ".join(wants))
    if as_of:
        refuse_unknowable(as_of, facts, now)
    at = as_of or moment_of(facts, now)[0]
    found = catalogue(facts, custom=settings.attributes)
    return model.learn(Ground(facts=facts, catalogue=found, as_of=at, engine=engine)).card


def fitted_outcome(
    settings: Settings, engine: Engine, facts: Facts, outcome: str, as_of: AsOf | None, now: datetime
) -> Card:
    """How well an attribute of two values is told by the others, though nothing says when it came to be so.

    Args:
        settings: The workspace.
        engine: Where expressions run.
        facts: What happened.
        outcome: The attribute.
        as_of: The moment; None is what the next run would take.
        now: The present.

    Raises:
        CarpelError: There is no such attribute, it does not hold two values, or the moment cannot be known.
    """
    from carpel.models.propensity.undated import learn_undated  # noqa: PLC0415 (what learns is large)

    if as_of:
        refuse_unknowable(as_of, facts, now)
    at = as_of or moment_of(facts, now)[0]
    found = catalogue(facts, custom=settings.attributes)
    return learn_undated(Ground(facts=facts, catalogue=found, as_of=at, engine=engine), outcome)


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A model now and before.

    Attributes:
        model: The question.
        now: What came of it in the current run.
        before: What came of it in the run before; None where that did not ask it, or is not kept.
    """

    model: Model
    now: Card
    before: Card | None


def compared(run: Run, before: Run | None) -> tuple[Compared, ...]:
    """Every model that a run asked, beside the run before."""
    cards = before.cards if before else {}
    return tuple(
        Compared(model=MODELS[key], now=card, before=cards.get(key)) for key, card in run.cards.items() if key in MODELS
    )


def known(key: str) -> Model:
    """The model of that key.

    Raises:
        CarpelError: There is none; the nearest is named.
    """
    if key not in MODELS:
        choices = ", ".join(MODELS)
        raise CarpelError("runs.unknown-model", place=key, model=key, choices=choices, hint=nearest(key, MODELS))
    return MODELS[key]
