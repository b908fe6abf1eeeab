"""Two fingerprints of a scheme: of what decides who is where, and of everything that people read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from carpel.kernel.texts import Labels
from carpel.schemes.partitions import (
    Categories,
    Cross,
    Cut,
    Partition,
    Quantiles,
    Refined,
    Rule,
    Rules,
    Shares,
    Thresholds,
    Tiers,
)
from carpel.schemes.values import Scheme, Segment


@lru_cache(maxsize=64)
def logic_fingerprint(scheme: Scheme) -> str:
    """Changes exactly when somebody could be placed differently."""
    return _digest(
        {
            "base": _source(scheme.base),
            "hold": scheme.hold.days,
            "partitions": [_partition(each) for each in scheme.partitions],
            "segments": [_segment(each) for each in scheme.segments],
        }
    )


@lru_cache(maxsize=64)
def label_fingerprint(scheme: Scheme) -> str:
    """Changes with labels, owners, teams, playbooks, the sponsor and the limits, none of which moves anybody."""
    return _digest(
        {
            "scheme": [scheme.key, _labels(scheme.label), scheme.sponsor],
            "limits": [scheme.limits.segments, scheme.limits.customers, _plain(scheme.limits.moved)],
            "partitions": {each.key: _partition_labels(each) for each in scheme.partitions},
            "segments": {
                "/".join(path): [_labels(each.label), each.owner, each.team, each.playbook]
                for path, each in scheme.walk()
            },
        }
    )


def _digest(content: Mapping[str, Any]) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else str(number.normalize())


def _source(rule: Rule | None) -> str | None:
    return rule.source if rule else None


def _segment(segment: Segment) -> list[Any]:
    return [segment.key, _source(segment.when), segment.urgent, [_segment(each) for each in segment.segments]]


def _partition(partition: Partition) -> list[Any]:
    match partition:
        case Rules():
            return [partition.key, [[part.key, _source(part.when)] for part in partition.parts]]
        case Tiers():
            return [partition.key, partition.of.source, _source(partition.over), _cut(partition.cut)]
        case Categories():
            values = [[label, list(values)] for label, values in partition.values]
            return [partition.key, "values", partition.of.source, values, partition.rest]
        case Cross():
            return [partition.key, "cross", [each.key for each in partition.of]]
        case Refined():
            return [partition.key, "refine", partition.of.key, [[label, part.key] for label, part in partition.parts]]


def _cut(cut: Cut) -> list[Any]:
    match cut:
        case Shares():
            return ["shares", cut.order, [[label, str(share.normalize())] for label, share in cut.parts]]
        case Thresholds():
            bounds = [[label, str(bound.normalize())] for label, bound in cut.parts]
            return ["thresholds", cut.order, bounds, cut.rest]
        case Quantiles():
            return ["quantiles", cut.order, list(cut.labels), _plain(cut.margin)]


def _partition_labels(partition: Partition) -> list[Any]:
    return [_labels(partition.label), [[label, _labels(name)] for label, name in partition.names]]


def _labels(labels: Labels) -> dict[str, str]:
    return dict(sorted(labels.by_language.items()))
