"""The questions that Carpel asks of every company's past, a file for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carpel.models.declared.churn import CHURN
from carpel.models.declared.clusters import CLUSTERS, NEEDS
from carpel.models.declared.intent import INTENT
from carpel.models.declared.next_product import NEXT_PRODUCT
from carpel.models.declared.propensity import CATEGORY, CONVERSION, PURCHASE, RESPONSE
from carpel.models.declared.value import VALUE
from carpel.models.declared.voice import VOICE
from carpel.models.learning import Model

_ALL: Final = (VALUE, CHURN, PURCHASE, CATEGORY, NEXT_PRODUCT, CONVERSION, RESPONSE, INTENT, VOICE, CLUSTERS, NEEDS)

MODELS: Final[Mapping[str, Model]] = {each.key: each for each in _ALL}
"""By key, in the order of their cards."""
