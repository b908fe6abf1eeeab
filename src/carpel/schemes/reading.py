"""From YAML to a scheme; every error names its place and the nearest remedy."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from carpel.kernel.yaml import Node, read_yaml
from carpel.schemes.entries import fields, read_key, read_labels, read_name, read_rule
from carpel.schemes.errors import SchemeError
from carpel.schemes.reading_limits import read_limits
from carpel.schemes.reading_partitions import read_partitions
from carpel.schemes.reading_segments import DIVIDED, read_segments
from carpel.schemes.structure import require_sound
from carpel.schemes.values import Scheme

_HOLD: Final = re.compile(r"(\d{1,5}) (day|days|week|weeks)")
_SCHEME: Final = ("scheme", "label", "sponsor", "base", "hold", "limits", "partitions", *DIVIDED)


def read_scheme(text: str, name: str) -> Scheme:
    """Read a scheme as its owner wrote it.

    Args:
        text: The YAML.
        name: What to call it in places, usually the file's path as the user knows it.

    Raises:
        CarpelError: Not YAML, or not a scheme; the place says where.
    """
    node = read_yaml(text, name)
    scheme = _scheme(node, name)
    require_sound(scheme)
    return scheme


def _scheme(node: Node, name: str) -> Scheme:
    given = fields(node, _SCHEME, required=("scheme",))
    partitions = read_partitions(given.get("partitions"))
    return Scheme(
        key=read_key(given["scheme"]),
        label=read_labels(given.get("label")),
        sponsor=read_name(given.get("sponsor")),
        base=read_rule(given.get("base")),
        hold=_hold(given.get("hold")),
        limits=read_limits(given.get("limits")),
        partitions=partitions,
        segments=read_segments(node, given, partitions),
        name=name,
    )


def _hold(node: Node | None) -> timedelta:
    if node is None:
        return timedelta()
    found = _HOLD.fullmatch(node.text())
    if found is None:
        raise SchemeError("schemes.bad-hold", place=node.place, value=node.text())
    return timedelta(days=int(found[1]) * (7 if found[2].startswith("week") else 1))
