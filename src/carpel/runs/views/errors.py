"""What pages may be asked for that is not there."""

from __future__ import annotations

from carpel.kernel.errors import CarpelError, nearest
from carpel.profiles import Attribute
from carpel.runs.opening import Run


class NotThere(CarpelError):  # noqa: N818  it names a state of things
    """There is no such segment, attribute, bar or customer."""


def known_segment(run: Run, segment: str) -> str:
    """The segment's key, if the scheme has it.

    Raises:
        NotThere: It has none of that key; the nearest is named.
    """
    if segment not in run.scheme.paths:
        raise NotThere("views.no-such-segment", place=segment, segment=segment, hint=nearest(segment, run.scheme.paths))
    return segment


def known_attribute(run: Run, attribute: str) -> Attribute:
    """The attribute of that key.

    Raises:
        NotThere: Profiles hold none; the nearest is named.
    """
    found = run.catalogue.available.get(attribute)
    if found is None:
        hint = nearest(attribute, run.catalogue.available)
        raise NotThere("views.no-such-attribute", place=attribute, attribute=attribute, hint=hint)
    return found
