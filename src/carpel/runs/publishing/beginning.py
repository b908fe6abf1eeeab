"""A new scheme from a template: ordinary YAML that its owner edits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import ibis
import yaml

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES, Text, text
from carpel.runs.facts import facts_at_hand
from carpel.runs.modelled import card_of
from carpel.runs.modelling import attributes_of
from carpel.runs.opening import Run, current_run
from carpel.runs.publishing.scheme_file import scheme_file
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.schemes import listed_attribute
from carpel.schemes import template as template_of
from carpel.schemes.templates import MOST_WORDS

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_KEY: Final = re.compile(r"^scheme: .*$", re.MULTILINE)


class Portrayed(Protocol):
    """A cluster as a rule."""

    @property
    def key(self) -> str:
        """Its key."""
        ...

    @property
    def name(self) -> Text:
        """What it may be called."""
        ...

    @property
    def rule(self) -> str | None:
        """Who is in it, in the scheme language."""
        ...


@runtime_checkable
class Patterns(Protocol):
    """A model that found clusters."""

    @property
    def portraits(self) -> Sequence[Portrayed]:
        """Of each."""
        ...

    @property
    def agreement(self) -> float:
        """How many customers the rules place where they are."""
        ...


def new_scheme(settings: Settings, engine: Engine, store: RunStore, name: str, *, template: str) -> Path:
    """Write a scheme to begin with into `schemes/`, with the attributes that the workspace has; gives its file.

    Raises:
        CarpelError: There is no such template, an attribute lacks without which it makes no sense, the name cannot be
            one, or there is a scheme of that name.
    """
    file = _file(settings, name)
    facts = facts_at_hand(settings, engine, store)
    found = attributes_of(facts, settings.attributes, settings.models, settings.profile)
    words = _words(listed_attribute(template), settings, engine, store)
    return _written(file, _KEY.sub(f"scheme: {name}", template_of(template, found, words), count=1), name)


def adopted(run: Run, settings: Settings, model: str, name: str) -> tuple[Path, float]:
    """Write the clusters of a model of a run as a scheme; gives its file, and how many customers its rules place right.

    Raises:
        CarpelError: The run did not ask the model, it found no clusters, the name cannot be one, or there is a scheme
            of that name.
    """
    file = _file(settings, name)
    card_of(run, model)
    learned = run.models[model]
    told = [each for each in learned.portraits if each.rule] if isinstance(learned, Patterns) else []
    if not told or not isinstance(learned, Patterns):
        raise CarpelError("runs.nothing-to-adopt", place=model, model=model)
    return _written(file, _scheme_of(name, told), name), learned.agreement


def _scheme_of(name: str, portraits: Sequence[Portrayed]) -> str:
    """A segment for each cluster, with what it may be called; whoever no rule places is in the last."""
    segments = [
        {
            "key": each.key,
            "label": {language: each.name.render(language) for language in LANGUAGES},
            "when": each.rule,
        }
        for each in portraits
    ]
    rest = {language: text("runs.adopted-rest").render(language) for language in LANGUAGES}
    scheme = {
        "scheme": name,
        "label": {language: text("runs.adopted-scheme").render(language) for language in LANGUAGES},
        "base": "frequency > 0",
        "segments": [*segments, {"key": "rest", "label": rest, "otherwise": True}],
    }
    return str(yaml.safe_dump(scheme, allow_unicode=True, sort_keys=False, width=10_000))


def _file(settings: Settings, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise CarpelError("runs.scheme-name", name=name)
    return scheme_file(settings, name)


def _written(file: Path, text: str, name: str) -> Path:
    try:
        file.parent.mkdir(exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise CarpelError("runs.scheme-exists", place=str(file), name=name) from error
    except OSError as error:
        raise CarpelError("runs.cannot-write", place=str(file), problem=error.strerror or "") from error
    return file


def _words(attribute: str | None, settings: Settings, engine: Engine, store: RunStore) -> dict[str, list[str]]:
    """What an attribute says of customers of the current run, the most frequent first."""
    if attribute is None or store.current() is None:
        return {}
    profiles = current_run(settings, store).profiles
    if attribute not in profiles.catalogue.available:
        return {}
    rows = profiles.unbound()
    counted = rows.filter(rows[attribute].notnull()).group_by(attribute).agg(customers=ibis._.count())
    order = [counted.customers.desc(), counted[attribute].asc()]
    return {attribute: engine.read(counted.order_by(order).limit(MOST_WORDS), profiles.bindings)[attribute].to_pylist()}
