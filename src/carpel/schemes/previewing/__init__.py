"""A changed scheme counted at once over profiles that are there already."""

from carpel.schemes.previewing.counts import Counts, SegmentCount
from carpel.schemes.previewing.session import Preview

__all__ = ["Counts", "Preview", "SegmentCount"]
