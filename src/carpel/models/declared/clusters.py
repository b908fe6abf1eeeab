"""Which customers are alike."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer
from carpel.models.learning import Model
from carpel.profiles import Unit

_MODULE: Final = "carpel.models.clusters.patterns"

CLUSTERS: Final = Model(
    key="clusters",
    asks=text("models.question-clusters"),
    wants=("purchases.day",),
    attributes=(answer("cluster", ValueType.CATEGORY), answer("cluster_fit", ValueType.SHARE, Unit.SHARE)),
    module=_MODULE,
)
"""By how they buy. The attribute holds a key; what a cluster may be called stands on the card, in every language."""

NEEDS: Final = Model(
    key="needs",
    asks=text("models.question-needs"),
    wants=("purchases.day",),
    attributes=(answer("needs_cluster", ValueType.CATEGORY), answer("needs_cluster_fit", ValueType.SHARE, Unit.SHARE)),
    module=_MODULE,
)
"""By what they need and care for."""
