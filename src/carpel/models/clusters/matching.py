"""Clusters of a new run under the keys that they had: whoever reads c2 today means whom they meant yesterday."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from carpel.kernel.texts import Text, text
from carpel.models.clusters.patterns import LearnedPatterns
from carpel.models.clusters.points import Matrix
from carpel.models.clusters.portraying import Portrait
from carpel.models.clusters.stability import DISSOLVED, jaccard
from carpel.models.learning import Customers

_MOVED: Final = 0.05
"""From which difference of its part of all customers on a cluster is said to have grown or shrunk."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Matched:
    """New clusters under the keys of old ones.

    Attributes:
        learned: What was learned, each cluster that is still there under its old key.
        changes: What is new, gone, renamed, larger or smaller, in words.
    """

    learned: LearnedPatterns
    changes: tuple[Text, ...]


def matched(old: LearnedPatterns, new: LearnedPatterns, customers: Customers) -> Matched:
    """Give each new cluster the key of the old one whose customers are its own.

    Pairs are those with the largest sum of Jaccard similarities over customers that both place (Hungarian method,
    Kuhn 1955); a pair that shares half of its customers or fewer is none (Hennig 2007: dissolved).

    Args:
        old: What was learned before.
        new: What is learned now.
        customers: Those whom both are asked about; profiles hold the needs of both.
    """
    alike = _alike(old, new, customers)
    pairs = _pairs(alike)
    keys = _keys(old.portraits, new.portraits, pairs)
    renamed = _renamed(new, keys)
    return Matched(learned=renamed, changes=tuple(_changes(old, renamed, pairs, alike)))


def _alike(old: LearnedPatterns, new: LearnedPatterns, customers: Customers) -> Matrix:
    """How like each old cluster is to each new one; shape (old, new)."""
    before, now = old.portraits, new.portraits
    if not before or not now:
        return np.zeros((len(before), len(now)))
    placed = [_places(each, customers) for each in (old, new)]
    both = (placed[0] >= 0) & (placed[1] >= 0)
    return jaccard(placed[0][both], len(before), placed[1][both], len(now))


def _places(learned: LearnedPatterns, customers: Customers) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The place of each customer's cluster; -1 of whom it is unknown."""
    places = {each.key: place for place, each in enumerate(learned.portraits)}
    said = learned.answers(customers)[learned.key].to_pylist()
    return np.array([-1 if key is None else places[key] for key in said], dtype=np.intp)


def _pairs(alike: Matrix) -> dict[int, int]:
    """The old cluster of each new one that is still there."""
    rows, columns = linear_sum_assignment(-alike)
    return {int(now): int(before) for before, now in zip(rows, columns, strict=True) if alike[before, now] > DISSOLVED}


def _keys(before: Sequence[Portrait], now: Sequence[Portrait], pairs: Mapping[int, int]) -> tuple[str, ...]:
    """The key of each new cluster: the old one, else one that nobody has had."""
    fresh = _unused(before)
    return tuple(before[pairs[place]].key if place in pairs else next(fresh) for place in range(len(now)))


def _unused(before: Sequence[Portrait]) -> Iterator[str]:
    number = max((int(each.key[1:]) for each in before), default=0)
    while True:
        number += 1
        yield f"c{number}"


def _renamed(new: LearnedPatterns, keys: Sequence[str]) -> LearnedPatterns:
    """The same clusters under other keys, on the card too."""
    if new.found is None:
        return new
    portraits = tuple(replace(each, key=key) for each, key in zip(new.portraits, keys, strict=True))
    other = {before.key: now.key for before, now in zip(new.portraits, portraits, strict=True)}
    remarks = tuple(_said_of(each, other) for each in new.card.remarks)
    return replace(new, card=replace(new.card, remarks=remarks), found=replace(new.found, portraits=portraits))


def _said_of(remark: Text, other: Mapping[str, str]) -> Text:
    key = remark.params.get("key")
    return Text(remark.key, {**remark.params, "key": other[key]}) if isinstance(key, str) and key in other else remark


def _changes(old: LearnedPatterns, new: LearnedPatterns, pairs: Mapping[int, int], alike: Matrix) -> Iterator[Text]:
    found = [
        *(each for now, before in sorted(pairs.items()) for each in _moved(old.portraits[before], new.portraits[now])),
        *(_begun(each) for place, each in enumerate(new.portraits) if place not in pairs),
        *(_gone(old, new, place, alike) for place in range(len(old.portraits)) if place not in pairs.values()),
    ]
    yield from found or [text("models.clusters-unchanged")]


def _moved(before: Portrait, now: Portrait) -> Iterator[Text]:
    if before.name != now.name:
        yield text("models.clusters-renamed", key=now.key, before=before.name, name=now.name)
    if abs(before.share - now.share) >= _MOVED:
        shares = {"before": round(100 * before.share), "share": round(100 * now.share)}
        yield text("models.clusters-resized", key=now.key, name=now.name, **shares)


def _begun(now: Portrait) -> Text:
    return text("models.clusters-new", key=now.key, name=now.name, share=round(100 * now.share))


def _gone(old: LearnedPatterns, new: LearnedPatterns, place: int, alike: Matrix) -> Text:
    """An old cluster that is no more, and the new one that is likest, where there is one."""
    before = old.portraits[place]
    if not new.portraits or not alike[place].any():
        return text("models.clusters-gone", key=before.key, name=before.name)
    likest = new.portraits[int(np.argmax(alike[place]))].key
    return text("models.clusters-gone-into", key=before.key, name=before.name, other=likest)
