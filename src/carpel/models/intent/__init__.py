"""What customers mean to do, and what holds them back, by what they said and did last.

Outcomes, stages and phrases are read by our own short lists in four languages, or by the workspace's own; what other
texts mean is learned from those whose outcome staff wrote down.
"""

from carpel.models.intent.gathering import gather, learn_telling
from carpel.models.intent.minds import Minds
from carpel.models.intent.statements import Evidence, Mind, Statement
from carpel.models.intent.telling import Hits, Telling, Told, learn, outcome_means
from carpel.models.intent.words import Intent, Reason, meant_by, meant_by_stage, reasons_in

__all__ = [
    "Evidence",
    "Hits",
    "Intent",
    "Mind",
    "Minds",
    "Reason",
    "Statement",
    "Telling",
    "Told",
    "gather",
    "learn",
    "learn_telling",
    "meant_by",
    "meant_by_stage",
    "outcome_means",
    "reasons_in",
]
