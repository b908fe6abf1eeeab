"""The `partitions:` of a scheme's YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, TypeVar

from carpel.kernel.errors import nearest
from carpel.kernel.yaml import Node
from carpel.schemes.entries import fields, read_label, read_labels, read_number, read_rule, read_when
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import (
    Categories,
    Cross,
    Cut,
    Order,
    Part,
    Partition,
    Quantiles,
    Refined,
    Rules,
    Shares,
    Thresholds,
    Tiers,
)
from carpel.schemes.reading_categories import read_categories

MAX_LABELS: Final = 200
_CUTS: Final = ("shares", "thresholds", "quantiles")
_TIERS: Final = ("tiers", "label", "labels", "over", "order", "margin", *_CUTS)
_CROSS: Final = ("cross", "label", "labels")
_REFINE: Final = ("refine", "parts", "label", "labels")
_PAIR: Final = 2
_RULES: Final = ("rules", "label")
_PART: Final = ("key", "label", "when", "otherwise")
_COLUMNS: Final = frozenset(
    {
        "customer_no",
        "customer_id",
        "in_base",
        *("segment", "segment_by_rule", "held_until"),
        *("previous_segment", "previous_held_until"),
    }
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_REST: Final = "rest"
_WHOLE: Final = Decimal(1)


def read_partitions(node: Node | None) -> tuple[Partition, ...]:
    """All partitions, in order; a later one may be made of those before it."""
    known: dict[str, Partition] = {}
    for key, each in (node.mapping() if node else {}).items():
        known[key] = _partition(key, each, known)
    return tuple(known.values())


def named_partition(node: Node, known: Mapping[str, Partition]) -> Partition:
    """The partition of that name."""
    name = node.text()
    if name not in known:
        hint = nearest(name, known)
        raise SchemeError("schemes.unknown-partition", place=node.place, name=name, hint=hint)
    return known[name]


def _partition(key: str, node: Node, known: Mapping[str, Partition]) -> Partition:
    if not _IDENTIFIER.fullmatch(key) or key in _COLUMNS:
        raise SchemeError("schemes.bad-partition-key", place=node.place, key=key[:80])
    given = node.mapping()
    if "tiers" in given:
        return _named(_tiers(key, node), given)
    if "rules" in given:
        return _rules(key, node)
    if "attribute" in given:
        return _named(read_categories(key, node), given)
    if "cross" in given:
        return _few_labels(_named(_cross(key, node, known), given))
    if "refine" in given:
        return _few_labels(_named(_refined(key, node, known), given))
    raise SchemeError("schemes.no-partition-kind", place=node.place, key=key)


_Named = TypeVar("_Named", Tiers, Categories, Cross, Refined)


def _named(partition: _Named, given: Mapping[str, Node]) -> _Named:
    """The partition, its labels called as `labels:` says."""
    if "labels" not in given:
        return partition
    names = given["labels"].mapping()
    for label, node in names.items():
        if label not in partition.labels:
            hint = nearest(label, partition.labels)
            raise SchemeError("schemes.unknown-label", place=node.place, label=label, key=partition.key, hint=hint)
    return replace(partition, own_names=tuple((label, read_labels(node)) for label, node in names.items()))


def _few_labels(partition: Cross | Refined) -> Partition:
    if len(partition.labels) > MAX_LABELS:
        raise SchemeError("schemes.too-many-labels", place=partition.place, limit=MAX_LABELS)
    return partition


def _cross(key: str, node: Node, known: Mapping[str, Partition]) -> Cross:
    given = fields(node, _CROSS, required=("cross",))
    crossed = tuple(named_partition(each, known) for each in _few(given["cross"]))
    if len(crossed) < _PAIR:
        raise SchemeError("schemes.cross-needs-two", place=given["cross"].place)
    return Cross(key=key, label=read_labels(given.get("label")), of=crossed, place=node.place)


def _refined(key: str, node: Node, known: Mapping[str, Partition]) -> Refined:
    given = fields(node, _REFINE, required=("refine", "parts"))
    whole = named_partition(given["refine"], known)
    parts = given["parts"].mapping()
    for label, each in parts.items():
        if label not in whole.labels:
            hint = nearest(label, whole.labels)
            raise SchemeError("schemes.unknown-label", place=each.place, label=label, key=whole.key, hint=hint)
    return Refined(
        key=key,
        label=read_labels(given.get("label")),
        of=whole,
        parts=tuple((label, named_partition(each, known)) for label, each in parts.items()),
        place=node.place,
    )


def _rules(key: str, node: Node) -> Rules:
    given = fields(node, _RULES, required=("rules",))
    return Rules(
        key=key,
        label=read_labels(given.get("label")),
        parts=tuple(_part(each) for each in _few(given["rules"])),
        place=node.place,
    )


def _part(node: Node) -> Part:
    given = fields(node, _PART, required=("key",))
    return Part(
        key=read_label(given["key"]),
        label=read_labels(given.get("label")),
        when=read_when(node, given),
        place=node.place,
    )


def _tiers(key: str, node: Node) -> Tiers:
    given = fields(node, _TIERS, required=("tiers",))
    of = read_rule(given["tiers"])
    assert of is not None  # noqa: S101  (required, so it is there)
    return Tiers(
        key=key,
        label=read_labels(given.get("label")),
        of=of,
        over=read_rule(given.get("over")),
        cut=_cut(node, given),
        place=node.place,
    )


def _cut(node: Node, given: dict[str, Node]) -> Cut:
    kinds = [kind for kind in _CUTS if kind in given]
    if len(kinds) != 1:
        raise SchemeError("schemes.one-cut", place=node.place, kinds=", ".join(_CUTS))
    kind = kinds[0]
    if "margin" in given and kind != "quantiles":
        raise SchemeError("schemes.margin-without-quantiles", place=given["margin"].place)
    if kind == "shares":
        return _shares(given["shares"], _order(given.get("order"), Order.DESCENDING))
    if kind == "thresholds":
        return _thresholds(given["thresholds"], _order(given.get("order"), Order.DESCENDING))
    margin = given.get("margin")
    return Quantiles(
        labels=_quantiles(given["quantiles"]),
        order=_order(given.get("order"), Order.ASCENDING),
        margin=_number(margin) if margin else None,
    )


def _shares(node: Node, order: Order) -> Shares:
    parts = tuple((label, _share(value)) for label, value in _labelled(node))
    total = sum((share for _, share in parts), Decimal(0))
    if total != _WHOLE:
        raise SchemeError("schemes.shares-do-not-add-up", place=node.place, total=_percent(total))
    return Shares(parts=parts, order=order)


def _thresholds(node: Node, order: Order) -> Thresholds:
    labelled = list(_labelled(node))
    *bounded, (rest, last) = labelled
    if last.value != _REST:
        raise SchemeError("schemes.thresholds-without-rest", place=last.place, label=rest)
    parts = tuple((label, _number(value)) for label, value in bounded)
    for (_, before), (label, bound), (_, value) in zip(parts, parts[1:], bounded[1:], strict=False):
        if (bound >= before) if order is Order.DESCENDING else (bound <= before):
            raise SchemeError(f"schemes.thresholds-not-{order}", place=value.place, label=label)
    return Thresholds(parts=parts, rest=rest, order=order)


def _quantiles(node: Node) -> tuple[str, ...]:
    if isinstance(node.value, list):
        labels = [(read_label(each), each.place) for each in _few(node)]
        for index, (label, place) in enumerate(labels):
            if label in {before for before, _ in labels[:index]}:
                raise SchemeError("schemes.duplicate-label", place=place, label=label)
        return tuple(label for label, _ in labels)
    count = node.value
    if isinstance(count, bool) or not isinstance(count, int) or not 1 < count <= MAX_LABELS:
        raise SchemeError("schemes.bad-quantiles", place=node.place, limit=MAX_LABELS)
    return tuple(str(number) for number in range(1, count + 1))


def _labelled(node: Node) -> Iterator[tuple[str, Node]]:
    entries = node.mapping()
    if not entries:
        raise SchemeError("schemes.no-labels", place=node.place)
    if len(entries) > MAX_LABELS:
        raise SchemeError("schemes.too-many-labels", place=node.place, limit=MAX_LABELS)
    for label, value in entries.items():
        yield read_label(Node(label, value.place)), value


def _few(node: Node) -> list[Node]:
    if not node.items():
        raise SchemeError("schemes.no-labels", place=node.place)
    if len(node.items()) > MAX_LABELS:
        raise SchemeError("schemes.too-many-labels", place=node.place, limit=MAX_LABELS)
    return node.items()


def _order(node: Node | None, default: Order) -> Order:
    if node is None:
        return default
    try:
        return Order(node.text())
    except ValueError as error:
        raise SchemeError(
            "schemes.bad-order", place=node.place, value=node.text(), hint=nearest(node.text(), list(Order))
        ) from error


def _share(node: Node) -> Decimal:
    written = node.text().strip()
    share = read_number(written.removesuffix("%"), node)
    if written.endswith("%"):
        share /= 100
    if not 0 < share <= 1:
        raise SchemeError("schemes.bad-share", place=node.place, value=written)
    return share


def _number(node: Node) -> Decimal:
    return read_number(node.text(), node)


def _percent(share: Decimal) -> Decimal:
    return (share * 100).normalize() + 0
