"""What models learn from: customers by features, in columns that mean the same in training and in scoring."""

from carpel.models.frames.features import Feature, Kind, features_of
from carpel.models.frames.frame import Frame

__all__ = ["Feature", "Frame", "Kind", "features_of"]
