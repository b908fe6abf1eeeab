"""What a search reads, written when a run is made: `search/` in the run's folder.

Customers are numbered by **rank**: the most money first, then by id. Whatever is found is a set of ranks, so the first
page of it is its least members, and a page after another begins where that ended. All files are arrays that are mapped
into memory and read in place:

- `numbers.npy`: the customer's number by rank; `ranks.npy`: the other way round.
- `leaves.npy`: the number of the leaf by rank (outside the base: after the last); `before.npy`: the same of the run
  before, its leaves being those of `search.json`.
- `names.arrow`, `contacts.arrow`, `addresses.arrow`: every word of customers' names and of their contacts' names, and
  every e-mail address, in byte order, and where its customers begin in the array of the same name. A beginning of a
  word is a range of words, so its customers are one piece of that array.
- `phones.npy`: phone numbers in order, as fifteen digits; `phones_of.npy`: whose they are; `phone_ends.npy` and
  `phone_ends_of.npy`: the same with the last digit first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from carpel.crm import Facts, FactTable
from carpel.profiles import Profiles
from carpel.runs.fingerprints import NUMBER
from carpel.runs.making import Assignments
from carpel.runs.tally import MONEY
from carpel.runs.views.distributions import Shape
from carpel.runs.views.figures.bins import Bins
from carpel.runs.views.figures.counting import Columns, leaf_places
from carpel.runs.views.searching.folding import folded, words
from carpel.runs.views.searching.hits import Matched
from carpel.runs.views.searching.phones import from_behind, from_the_front
from carpel.runs.views.searching.vocabulary import write_vocabulary
from carpel.schemes import Scheme

VERSION: Final = 2
FOLDER: Final = "search"
_BEFORE: Final = "previous_segment"
VOCABULARIES: Final = {Matched.NAME: "names", Matched.CONTACT: "contacts", Matched.EMAIL: "addresses"}
"""The files of words, by what is found by them."""
_NAMES: Final = {"customers": Matched.NAME, "contacts": Matched.CONTACT}
"""The tables of people, with what their names are."""

Ranks = npt.NDArray[np.int32]
_NOBODY: Final = (np.zeros(0, np.int64), np.zeros(0, np.int32))


@dataclass(frozen=True, kw_only=True)
class Searchable:
    """What customers are found by.

    Attributes:
        scheme: The scheme.
        profiles: The customers with their money.
        assignments: Where they are.
        facts: Names, e-mail addresses and phones; None where they are gone, then only names of profiles are found.
    """

    scheme: Scheme
    profiles: Profiles
    assignments: Assignments
    facts: Facts | None


def write_search(what: Searchable, run: Path) -> tuple[Path, ...]:
    """Write the files of a search into a run's folder; gives them."""
    folder = run / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    numbers = _by_money(what.profiles)
    ranks = np.empty_like(numbers)
    ranks[numbers] = np.arange(len(numbers), dtype=np.int32)
    leaves = leaf_places(what.assignments, what.scheme)
    before, named = _before(what.assignments)
    arrays = {
        "numbers": numbers,
        "ranks": ranks,
        "leaves": leaves[numbers].astype(np.int32),
        "before": before[numbers].astype(np.int32),
        **_found_by(what, ranks, folder),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    said = {"version": VERSION, "leaves": [leaf.key for leaf in what.scheme.leaves], "before": list(named)}
    (folder / "search.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return tuple(sorted(folder.iterdir()))


def _by_money(profiles: Profiles) -> Ranks:
    """The customers' numbers, the most money first; those of unknown money last."""
    if MONEY not in profiles.catalogue.available:
        return np.arange(profiles.rows, dtype=np.int32)
    money = Columns.of(profiles.files).read([MONEY])[MONEY]
    least = np.iinfo(np.int64).min
    known = money.fill_null(least).to_numpy()
    # Minus the least number would be itself.
    return np.argsort(-np.maximum(known, least + 1), kind="stable").astype(np.int32)


def _before(assignments: Assignments) -> tuple[npt.NDArray[np.int64], Sequence[str]]:
    """Where each customer was in the run before; after the last leaf: in none."""
    if _BEFORE not in assignments.columns:
        return np.zeros(assignments.rows, dtype=np.int64), ()
    column = Columns.of(assignments.files).read([_BEFORE])[_BEFORE]
    named = tuple(sorted(word for word in pc.unique(column).to_pylist() if word is not None))
    codes = Bins(shape=Shape.WORDS, words=named).codes(column)
    return codes, named


def _found_by(what: Searchable, ranks: Ranks, folder: Path) -> dict[str, npt.NDArray[Any]]:
    tables = _people(what)
    words_by: dict[Matched, list[tuple[pa.Array, pa.Array]]] = {kind: [] for kind in VOCABULARIES}
    for kind, table in tables.items():
        if "name" in table.column_names:
            texts, rows = _known(table, "name")
            words_by[kind].append(words(folded(texts), rows))
        words_by[Matched.EMAIL] += _addresses(table)
    for kind, pairs in words_by.items():
        found = pa.concat_arrays([pa.array([], pa.string()), *(each for each, _ in pairs)])
        of = pa.concat_arrays([pa.array([], pa.int64()), *(rows.cast(pa.int64()) for _, rows in pairs)])
        write_vocabulary(found, ranks[of.to_numpy()].astype(np.int64), folder, VOCABULARIES[kind])
    return _phones(list(tables.values()), ranks)


def _people(what: Searchable) -> dict[Matched, pa.Table]:
    """Names, e-mail addresses and phones, by what the names are."""
    facts = what.facts.tables if what.facts else {}
    tables = {kind: _columns(facts[name]) for name, kind in _NAMES.items() if name in facts}
    if not tables and "name" in what.profiles.catalogue.available:
        return {Matched.NAME: Columns.of(what.profiles.files).read([NUMBER, "name"])}
    return tables


def _columns(table: FactTable) -> pa.Table:
    names = [NUMBER, *(name for name in ("name", "email", "phone") if name in table.columns)]
    return pa.concat_tables(pq.read_table(file, columns=names) for file in table.buckets)


def _addresses(table: pa.Table) -> Iterator[tuple[pa.Array, pa.Array]]:
    """E-mail addresses, and what stands after their sign."""
    if "email" in table.column_names:
        texts, rows = _known(table, "email")
        address = pc.utf8_trim_whitespace(folded(texts))
        yield address, rows
        yield _after_sign(address), rows


def _after_sign(addresses: pa.Array) -> pa.Array:
    """Of each e-mail address what stands after its sign; the address itself where it has none."""
    parts = pc.split_pattern(addresses, "@", max_splits=1, reverse=True)
    return pc.list_flatten(parts).take(_last(parts))


def _last(lists: pa.Array) -> pa.Array:
    return pa.array(np.cumsum(pc.list_value_length(lists).to_numpy(zero_copy_only=False)) - 1)


def _known(table: pa.Table, column: str) -> tuple[pa.Array, pa.Array]:
    known = table.select([NUMBER, column]).filter(pc.is_valid(table[column])).combine_chunks()
    texts, rows = known[column], known[NUMBER]
    return _one(texts).cast(pa.string()), _one(rows)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _phones(tables: Sequence[pa.Table], ranks: Ranks) -> dict[str, npt.NDArray[Any]]:
    front, behind = [_NOBODY], [_NOBODY]
    for table in tables:
        if "phone" in table.column_names:
            texts, rows = _known(table, "phone")
            owners = ranks[rows.to_numpy()]
            front += [(keys, owners) for keys in from_the_front(texts)]
            behind.append((from_behind(texts), owners))
    return _ordered("phones", front) | _ordered("phone_ends", behind)


def _ordered(name: str, pairs: Sequence[tuple[npt.NDArray[np.int64], Ranks]]) -> dict[str, npt.NDArray[Any]]:
    keys, owners = (np.concatenate(each) for each in zip(*pairs, strict=True))
    order = np.argsort(keys, kind="stable")
    return {name: keys[order], f"{name}_of": owners[order]}
