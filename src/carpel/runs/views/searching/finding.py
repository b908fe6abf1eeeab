"""Customers of whom all of several things are so, by rank."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from carpel.runs.index import Index
from carpel.runs.views.searching.hits import Hits, Matched, Part
from carpel.runs.views.searching.phones import Number, range_of
from carpel.runs.views.searching.typed import Typed, TypedPart
from carpel.runs.views.searching.vocabulary import HIGHEST, Some, Vocabulary
from carpel.runs.views.searching.writing import FOLDER, VERSION, VOCABULARIES

Ranks = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_WIDEST: Final = 12
"""Zeros before an id are looked for up to so many digits."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of which customers to give a page.

    Attributes:
        leaves: Those in these leaves, by key; None is anywhere.
        in_base: Those in the base, or those outside; None is both.
        moved_from: Those who were in these leaves in the run before; None among them is outside its base.
        search: Those whose id, a word of whose name, whose e-mail address or phone begins so.
        holds: Those of whom these hold, by the customer's number.
    """

    leaves: Collection[str] | None = None
    in_base: bool | None = None
    moved_from: Collection[str | None] | None = None
    search: str | None = None
    holds: Sequence[Mask] = field(default=())


@dataclass(frozen=True)
class Found:
    """Customers that were found.

    Attributes:
        ranks: Their ranks, ascending; None is everyone.
        everyone: How many customers there are.
        hits: What was searched for, and by what it was found; None where nothing was.
    """

    ranks: Ranks | None
    everyone: int
    hits: Hits | None = None

    @property
    def total(self) -> int:
        """How many."""
        return self.everyone if self.ranks is None else len(self.ranks)

    def after(self, rank: int, limit: int) -> Ranks:
        """The next ones from a rank on."""
        if self.ranks is None:
            return np.arange(rank, min(rank + limit, self.everyone))
        start = int(np.searchsorted(self.ranks, rank))
        return self.ranks[start : start + limit]

    def matched(self, ranks: Sequence[int]) -> Sequence[tuple[Matched, ...]]:
        """By what each of some customers was found; by nothing where nothing was searched for."""
        if self.hits is None or not ranks:
            return [()] * len(ranks)
        return self.hits.matched(np.array(ranks, dtype=np.int64))


class Search:
    """Reads the files of a search in place: no connection, no lock."""

    def __init__(self, run: Path, index: Index) -> None:
        folder = run / FOLDER
        said = json.loads((folder / "search.json").read_text(encoding="utf-8"))
        if said["version"] != VERSION:
            raise ValueError(said["version"])
        self._leaves: list[str] = said["leaves"]
        self._before: list[str] = said["before"]
        self._folder, self._index = folder, index

    @classmethod
    def of(cls, run: Path, index: Index) -> Search | None:
        """The search of a run; None where there is none that this Carpel understands."""
        try:
            return cls(run, index)
        except (OSError, ValueError, KeyError):
            return None

    @cached_property
    def numbers(self) -> npt.NDArray[np.int32]:
        """The customer's number by rank."""
        found: npt.NDArray[np.int32] = self._array("numbers")
        return found

    def find(self, asked: Asked) -> Found:
        """Those of whom everything asked is so."""
        hits, masks = self._searched(asked.search or ""), [*self._masks(asked)]
        everyone = len(self.numbers)
        if hits is None and not masks:
            return Found(None, everyone)
        found = _all_of(hits.ranks(), masks) if hits else _everyone_of(masks)
        return Found(found, everyone, hits)

    def _masks(self, asked: Asked) -> Iterator[Callable[[Any], Mask]]:
        """For each condition that is kept by rank: whether it holds of some ranks, or of all in order."""
        leaves, before = self._array("leaves"), self._array("before")
        if asked.leaves is not None:
            yield _among(leaves, self._leaves, asked.leaves)
        if asked.in_base is not None:
            inside = asked.in_base
            yield lambda ranks: (leaves[ranks] < len(self._leaves)) == inside
        if asked.moved_from is not None:
            yield _among(before, self._before, asked.moved_from)
        for mask in asked.holds:
            yield _of_numbers(mask, self.numbers)

    def _searched(self, query: str) -> Hits | None:
        """Whom a search finds; None where nothing was typed."""
        typed = Typed.of(query)
        if not typed.whole:
            return None
        parts = [self._called(part) for part in typed.parts] or [self._signed(sign) for sign in typed.signs]
        return Hits([*([parts] if parts else []), [self._meant(typed)]], len(self.numbers))

    def _called(self, part: TypedPart) -> Part:
        """By all words of a part: `sari-sari`, `d'Arcy`; or by an e-mail address."""
        named = {kind: self._by_all(kind, part.words) for kind in (Matched.NAME, Matched.CONTACT)}
        addresses = self._marked(self._vocabulary(Matched.EMAIL).of(each) for each in part.addresses)
        return _some(named | {Matched.EMAIL: addresses})

    def _signed(self, sign: str) -> Part:
        return _some({kind: self._by_all(kind, [sign]) for kind in (Matched.NAME, Matched.CONTACT)})

    def _by_all(self, kind: Matched, words: Sequence[str]) -> Mask | None:
        """Those whom every one of some words names."""
        found: Mask | None = None
        for word in words:
            named = self._marked([self._vocabulary(kind).of(word)])
            if named is None:
                return None
            found = named if found is None else found & named
        return found

    def _meant(self, typed: Typed) -> Part:
        """By all that was typed, as one thing."""
        addresses = [self._vocabulary(Matched.EMAIL).of(typed.address)] if typed.address else []
        found = {
            Matched.ID: self._identified(typed.whole),
            Matched.EMAIL: addresses,
            Matched.PHONE: self._phones(typed.number),
        }
        return _some({kind: self._marked(parts) for kind, parts in found.items()})

    def _marked(self, parts: Iterable[Some]) -> Mask | None:
        """Those of some ranks; None where there is nobody. Marking is faster than sorting where many are found."""
        marked: Mask | None = None
        for part in parts:
            if len(part):
                marked = np.zeros(len(self.numbers), dtype=bool) if marked is None else marked
                marked[part] = True
        return marked

    def _identified(self, typed: str) -> Iterator[Some]:
        """Customers whose id begins so, or is so after zeros."""
        ranks = self._array("ranks")
        for each in dict.fromkeys((typed, typed.upper(), typed.lower())):
            first, last = (self._index.place_of(key) for key in (each, each + HIGHEST))
            yield ranks[first:last]
        if typed.isascii() and typed.isdigit():
            for width in range(len(typed) + 1, _WIDEST + 1):
                first, last = (self._index.place_of(key) for key in (typed.zfill(width), f"{typed.zfill(width)}\0"))
                yield ranks[first:last]

    def _phones(self, number: Number | None) -> Iterator[Some]:
        if number is None:
            return
        for side, several in (("phones", number.beginnings), ("phone_ends", number.endings)):
            for digits in several:
                first, last = np.searchsorted(self._array(side), range_of(digits))
                yield self._array(f"{side}_of")[first:last]

    def _vocabulary(self, kind: Matched) -> Vocabulary:
        known = self.__dict__.setdefault("_vocabularies", {})
        if kind not in known:
            known[kind] = Vocabulary(self._folder, VOCABULARIES[kind])
        found: Vocabulary = known[kind]
        return found

    def _array(self, name: str) -> Any:
        arrays = self.__dict__.setdefault("_arrays", {})
        if name not in arrays:
            arrays[name] = np.load(self._folder / f"{name}.npy", mmap_mode="r")
        return arrays[name]


def _all_of(found: Ranks, masks: Sequence[Callable[[Any], Mask]]) -> Ranks:
    """Those of some ranks of whom every condition holds."""
    for mask in masks:
        found = found[mask(found)]
    return found


def _everyone_of(masks: Sequence[Callable[[Any], Mask]]) -> Ranks:
    """Those of all customers of whom every condition holds."""
    first, *others = masks
    held = first(slice(None))
    for mask in others:
        held &= mask(slice(None))
    return np.flatnonzero(held)


def _among(
    places: npt.NDArray[np.int32], named: Sequence[str], wanted: Collection[str | None]
) -> Callable[[Any], Mask]:
    chosen = np.zeros(len(named) + 1, dtype=bool)
    chosen[-1] = None in wanted
    chosen[[place for place, key in enumerate(named) if key in wanted]] = True
    return lambda ranks: chosen[places[ranks]]


def _of_numbers(mask: Mask, numbers: npt.NDArray[np.int32]) -> Callable[[Any], Mask]:
    return lambda ranks: mask[numbers[ranks]]


def _some(found: Mapping[Matched, Mask | None]) -> Part:
    """Without what finds nobody."""
    return {kind: mask for kind, mask in found.items() if mask is not None}
