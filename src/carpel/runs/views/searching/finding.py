"""Customers of whom all of several things are so, by rank."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.runs.index import Index
from carpel.runs.views.searching.folding import DIGITS, phone_of_query, words_of_query
from carpel.runs.views.searching.writing import FOLDER, VERSION

Ranks = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_SEVERAL: Final = 2
_SIGNS: Final = re.compile(r"[\W_]+")
_HIGHEST: Final = "\U0010ffff"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Of which customers to give a page.

    Attributes:
        leaves: Those in these leaves, by key; None is anywhere.
        in_base: Those in the base, or those outside; None is both.
        moved_from: Those who were in these leaves in the run before; None among them is outside its base.
        search: Those whose id, name, e-mail address or phone begins so.
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
    """

    ranks: Ranks | None
    everyone: int

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
        self._words, self._starts = _mapped(folder / "words.arrow")

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
        sets = [*self._searched(asked.search or "")]
        masks = [*self._masks(asked)]
        everyone = len(self.numbers)
        if not sets and not masks:
            return Found(None, everyone)
        found = _all_of(self._common(sets), masks) if sets else _everyone_of(masks)
        return Found(found, everyone)

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

    def _searched(self, query: str) -> Iterator[Ranks]:
        """For each word of a query those who are found by it; a phone number is one word."""
        phone = phone_of_query(query)
        asked = words_of_query(query)
        if phone and len(asked) > 1:
            yield self._phones(phone)
            return
        for word in asked:
            by_phone = [self._phones(phone)] if phone else []
            yield self._once([self._called(word), *self._identified(query.strip(), asked), *by_phone])

    def _called(self, word: str) -> Ranks:
        """By a word, or by all of the words that its signs divide it into: `sari-sari`, `d'Arcy`."""
        parts = [part for part in _SIGNS.split(word) if part]
        whole = self._named(word)
        if len(parts) < _SEVERAL:
            return whole
        return np.concatenate([whole, self._common([self._named(part) for part in parts])])

    def _named(self, word: str) -> Ranks:
        first, last = (bisect_left(self._words, each, key=_text) for each in (word, word + _HIGHEST))
        customers = self._array("customers")
        start = self._starts[first].as_py() if first < len(self._starts) else len(customers)
        end = self._starts[last].as_py() if last < len(self._starts) else len(customers)
        found: Ranks = customers[start:end].astype(np.int64)
        return found

    def _identified(self, query: str, asked: Sequence[str]) -> Iterator[Ranks]:
        """Customers whose id begins so; an id has no spaces."""
        if len(asked) > 1:
            return
        ranks = self._array("ranks")
        for each in dict.fromkeys((query, query.upper(), query.lower())):
            first, last = (self._index.place_of(key) for key in (each, each + _HIGHEST))
            yield ranks[first:last].astype(np.int64)

    def _phones(self, digits: str) -> Ranks:
        phones, scale = self._array("phones"), 10 ** (DIGITS - len(digits))
        first, last = np.searchsorted(phones, [int(digits) * scale, (int(digits) + 1) * scale])
        return self._once([self._array("phone_customers")[first:last]])

    def _once(self, parts: Sequence[Ranks]) -> Ranks:
        """Every rank once, ascending. Marking is faster than sorting where many are found."""
        marked = np.zeros(len(self.numbers), dtype=bool)
        for part in parts:
            marked[part] = True
        return np.flatnonzero(marked)

    def _common(self, sets: Sequence[Ranks]) -> Ranks:
        """The ranks that are in every set, ascending if the smallest is."""
        found = min(sets, key=len)
        for other in sets:
            if other is not found:
                marked = np.zeros(len(self.numbers), dtype=bool)
                marked[other] = True
                found = found[marked[found]]
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


def _mapped(file: Path) -> tuple[Any, Any]:
    batches = pa.ipc.open_file(pa.memory_map(str(file)))
    table = batches.read_all().combine_chunks()
    if not table.num_rows:
        return [], []
    return table["word"].chunk(0), table["start"].chunk(0)


def _text(word: Any) -> str:
    found: str = word.as_py()
    return found
