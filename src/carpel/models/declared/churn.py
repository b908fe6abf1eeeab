"""Who leaves, and when the lost were lost."""

from __future__ import annotations

from typing import Final

from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.attributes import answer, with_interval
from carpel.models.learning import Model
from carpel.profiles import Better, Unit

RISK: Final = answer("churn_risk", ValueType.SHARE, Unit.SHARE, Better.LESS)
HORIZON: Final = answer("churn_horizon_days", ValueType.NUMBER, Unit.DAYS)
LOST_ON: Final = answer("lost_on", ValueType.DATE)

CHURN: Final = Model(
    key="churn",
    asks=text("models.question-churn"),
    wants=("purchases.day",),
    attributes=(*with_interval(RISK), HORIZON, LOST_ON),
    horizon=180,
    module="carpel.models.churn.staying",
)
"""Whether a customer falls silent for longer than their rhythm allows, or lets their contract end."""
