"""The questions that Carpel asks of every company's past, a file for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carpel.models.declared.intent import INTENT
from carpel.models.declared.next_product import NEXT_PRODUCT
from carpel.models.declared.value import VALUE
from carpel.models.declared.voice import VOICE
from carpel.models.learning import Model

MODELS: Final[Mapping[str, Model]] = {each.key: each for each in (VALUE, NEXT_PRODUCT, INTENT, VOICE)}
"""By key, in the order of their cards."""
