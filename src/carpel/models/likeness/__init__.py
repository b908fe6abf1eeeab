"""Which leads are most like the customers of a segment."""

from carpel.models.likeness.alike import Alike, Likeness, Reach, alike

__all__ = ["Alike", "Likeness", "Reach", "alike"]
