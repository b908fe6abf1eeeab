"""What customers are worth and what they will do next: questions learned from the past, answered as attributes."""

from carpel.models.attributes import asked, is_end, with_models
from carpel.models.cards import Band, Card, Contender, Effect, Supply, Weight
from carpel.models.declared import MODELS
from carpel.models.learning import Customers, Ground, Learned, Model
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung

__all__ = [
    "MODELS",
    "Band",
    "Card",
    "Contender",
    "Customers",
    "Effect",
    "Ground",
    "Learned",
    "Model",
    "Reason",
    "Rung",
    "Supply",
    "Weight",
    "asked",
    "is_end",
    "with_models",
]
