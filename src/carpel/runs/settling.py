"""What profiles follow from, settled before any row is computed; a run, a plan and a replay of the past do the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from carpel.models import Ground, Learned
from carpel.profiles import Catalogue, fit
from carpel.runs.making import Basis, computed
from carpel.runs.modelling import learn_models
from carpel.runs.stages import Stages, passed

_NOTHING: Final[Mapping[str, Learned]] = MappingProxyType({})


def settled(
    kept: Catalogue,
    ground: Ground,
    models: Iterable[str],
    stages: Stages,
    known: Mapping[str, Learned] = _NOTHING,
) -> Basis:
    """Learn models, then fit what is fitted across customers.

    Args:
        kept: The attributes that profiles hold.
        ground: What models may know; its catalogue is all that could be kept.
        models: Keys of those that are asked.
        stages: Is told both stages.
        known: What was learned of the same already.
    """
    with stages.stage("models"):
        learned = learn_models(models, kept, ground, known)
    passed("models")
    with stages.stage("parameters"):
        parameters = fit(ground.facts, computed(kept, ground.catalogue, learned), ground.as_of, ground.engine)
    passed("parameters")
    return Basis(
        facts=ground.facts,
        catalogue=kept,
        offered=ground.catalogue,
        as_of=ground.as_of,
        parameters=parameters,
        models=learned,
    )
