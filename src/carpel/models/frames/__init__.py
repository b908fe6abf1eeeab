"""What models learn from: customers by features as of a moment, and what they did after it.

Columns mean the same in training and in scoring, and nothing from after the moment has a part in them.
"""

from carpel.models.frames.features import Feature, Kind, features_of
from carpel.models.frames.frame import Frame
from carpel.models.frames.moments import (
    Asked,
    Past,
    Windows,
    asked_of,
    bought,
    bought_from,
    learnable,
    learnable_today,
    past_of,
    purchased,
    whether,
    windows,
)

__all__ = [
    "Asked",
    "Feature",
    "Frame",
    "Kind",
    "Past",
    "Windows",
    "asked_of",
    "bought",
    "bought_from",
    "features_of",
    "learnable",
    "learnable_today",
    "past_of",
    "purchased",
    "whether",
    "windows",
]
