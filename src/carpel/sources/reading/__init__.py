"""Files of any common form become typed columns: one decision for each column, and no guess left silent."""

from carpel.sources.reading.landing import land
from carpel.sources.reading.surveying import survey
from carpel.sources.reading.values import ColumnDecision, Dataset, Landed, ReadOptions

__all__ = ["ColumnDecision", "Dataset", "Landed", "ReadOptions", "land", "survey"]
