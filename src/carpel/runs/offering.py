"""What rules may name, as carpel.yaml stands now."""

from __future__ import annotations

from carpel.kernel.engine import Engine
from carpel.profiles import Catalogue
from carpel.runs.facts import facts_at_hand
from carpel.runs.modelling import attributes_of
from carpel.runs.opening import Run
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings


def offered(settings: Settings, engine: Engine, store: RunStore, current: Run | None) -> Catalogue:
    """The attributes that profiles will hold from the next run on, and what is missing for the rest.

    Args:
        settings: The workspace.
        engine: Reads the sources before the first run.
        store: Knows the runs.
        current: The current run; None before the first.

    Raises:
        CarpelError: At the place of an attribute in carpel.yaml that cannot be; or the sources cannot be read.
    """
    held = current.catalogue.available if current else ()
    keep = None if settings.profile is None else (*settings.profile, *held)
    return attributes_of(facts_at_hand(settings, engine, store), settings.attributes, settings.models, keep)
