"""The `limits:` of a scheme's YAML."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from carpel.kernel.yaml import Node
from carpel.schemes.entries import fields, read_number
from carpel.schemes.errors import SchemeError
from carpel.schemes.values import Limits

_LIMITS: Final = ("segments", "customers", "moved")


def read_limits(node: Node | None) -> Limits:
    """What the owner has set as bounds."""
    if node is None:
        return Limits()
    given = fields(node, _LIMITS)
    return Limits(
        segments=_count(given.get("segments")),
        customers=_count(given.get("customers")),
        moved=_share(given.get("moved")),
    )


def _count(node: Node | None) -> int | None:
    if node is None or node.value is None:
        return None
    if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 1:
        raise SchemeError("schemes.not-a-count", place=node.place, value=str(node.value))
    return node.value


def _share(node: Node | None) -> Decimal | None:
    if node is None or node.value is None:
        return None
    written = node.text().strip()
    share = read_number(written.removesuffix("%"), node)
    if written.endswith("%"):
        share /= 100
    if share <= 0:
        raise SchemeError("schemes.bad-share", place=node.place, value=written)
    return share
