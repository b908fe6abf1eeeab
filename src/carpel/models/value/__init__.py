"""What customers are worth: how often they will order, how much an order brings, how long contracts last.

Estimators stand alone: `fit` learns, `result` holds parameters with standard errors, methods foretell, and
`estimate` puts an interval on anything they say. All of them work on grouped statistics.
"""

from carpel.models.value.bg_nbd import BGNBD
from carpel.models.value.choosing import Choice, Score, choose
from carpel.models.value.cnbd import BGCNBD, MBGCNBD
from carpel.models.value.concentration import Layer, pyramid
from carpel.models.value.contracts import ShiftedBetaGeometric
from carpel.models.value.estimating import Estimates
from carpel.models.value.fitting import Fit
from carpel.models.value.histories import Histories
from carpel.models.value.lifetime import Outlook, contract_value, lifetime_value
from carpel.models.value.mbg_nbd import MBGNBD
from carpel.models.value.nbd import NBD
from carpel.models.value.ordering import OrderModel
from carpel.models.value.pareto_nbd import ParetoNBD
from carpel.models.value.regularity import Regularity, wheat_morrison
from carpel.models.value.spending import GammaGamma

__all__ = [
    "BGCNBD",
    "BGNBD",
    "MBGCNBD",
    "MBGNBD",
    "NBD",
    "Choice",
    "Estimates",
    "Fit",
    "GammaGamma",
    "Histories",
    "Layer",
    "OrderModel",
    "Outlook",
    "ParetoNBD",
    "Regularity",
    "Score",
    "ShiftedBetaGeometric",
    "choose",
    "contract_value",
    "lifetime_value",
    "pyramid",
    "wheat_morrison",
]
