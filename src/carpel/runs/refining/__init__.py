"""Help with refining a scheme, judged by money that came later: what to divide, what to join, which says more."""

from carpel.runs.refining.merging import MergeAdvice, suggest_merge
from carpel.runs.refining.racing import RaceReport, race
from carpel.runs.refining.suggesting import SplitAdvice, suggest_split

__all__ = ["MergeAdvice", "RaceReport", "SplitAdvice", "race", "suggest_merge", "suggest_split"]
