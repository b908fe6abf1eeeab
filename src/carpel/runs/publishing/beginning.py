"""A new scheme from a template: ordinary YAML that its owner edits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import ibis

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs.facts import facts_at_hand
from carpel.runs.modelling import attributes_of
from carpel.runs.opening import current_run
from carpel.runs.publishing.scheme_file import scheme_file
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings
from carpel.schemes import listed_attribute
from carpel.schemes import template as template_of
from carpel.schemes.templates import MOST_WORDS

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_KEY: Final = re.compile(r"^scheme: .*$", re.MULTILINE)


def new_scheme(settings: Settings, engine: Engine, store: RunStore, name: str, *, template: str) -> Path:
    """Write a scheme to begin with into `schemes/`, with the attributes that the workspace has; gives its file.

    Raises:
        CarpelError: There is no such template, an attribute lacks without which it makes no sense, the name cannot be
            one, or there is a scheme of that name.
    """
    if not _NAME.fullmatch(name):
        raise CarpelError("runs.scheme-name", name=name)
    file = scheme_file(settings, name)
    facts = facts_at_hand(settings, engine, store)
    found = attributes_of(facts, settings.attributes, settings.models, settings.profile)
    words = _words(listed_attribute(template), settings, engine, store)
    text = _KEY.sub(f"scheme: {name}", template_of(template, found, words), count=1)
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
