"""Will they? Probabilities of something that happens or does not, which hold what they promise.

A learner says how much each feature speaks for it; a later block of customers calibrates that; a block later still
decides whether the elaborate learner is better than the plain one by more than noise, and what the card says.
"""

from carpel.models.propensity.blocks import Blocks, at_random, by_time
from carpel.models.propensity.boosted import Boosted
from carpel.models.propensity.guarding import Suspicion, suspicions
from carpel.models.propensity.judging import Decile, Judgement, deciles, judge
from carpel.models.propensity.learning import Learner
from carpel.models.propensity.logistic import Logistic
from carpel.models.propensity.propensity import LEARNERS, Candidate, Propensity
from carpel.models.propensity.question import CONVERSION, PURCHASE, RESPONSE, Answer, Question, learn_question
from carpel.models.propensity.reasons import reasons
from carpel.models.rungs import Rung

__all__ = [
    "CONVERSION",
    "LEARNERS",
    "PURCHASE",
    "RESPONSE",
    "Answer",
    "Blocks",
    "Boosted",
    "Candidate",
    "Decile",
    "Judgement",
    "Learner",
    "Logistic",
    "Propensity",
    "Question",
    "Rung",
    "Suspicion",
    "at_random",
    "by_time",
    "deciles",
    "judge",
    "learn_question",
    "reasons",
    "suspicions",
]
