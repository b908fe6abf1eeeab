"""What a search reads, written when a run is made: `search/` in the run's folder.

Customers are numbered by **rank**: the most money first, then by id. Whatever is found is a set of ranks, so the first
page of it is its least members, and a page after another begins where that ended. All files are arrays that are mapped
into memory and read in place:

- `numbers.npy`: the customer's number by rank; `ranks.npy`: the other way round.
- `leaves.npy`: the number of the leaf by rank (outside the base: after the last); `before.npy`: the same of the run
  before, its leaves being those of `search.json`.
- `words.arrow`: every word of names and e-mail addresses in byte order, and where its customers begin in
  `customers.npy`. A beginning of a word is a range of words, so its customers are one piece of that array.
- `phones.npy`: phone numbers in order, as fifteen digits; `phone_customers.npy`: whose they are.
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
from carpel.runs.views.searching.folding import folded, phone_keys, words
from carpel.schemes import Scheme

VERSION: Final = 1
FOLDER: Final = "search"
_BEFORE: Final = "previous_segment"
_PERSONS: Final = ("customers", "contacts")
_KEY_BITS: Final = 32

Ranks = npt.NDArray[np.int32]


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
    tables = list(_people(what))
    found, of = _words(tables, ranks)
    customers = _write_words(found, of, folder / "words.arrow")
    phones, owners = _phones(tables, ranks)
    return {"customers": customers, "phones": phones, "phone_customers": owners}


def _people(what: Searchable) -> Iterator[pa.Table]:
    """Names, e-mail addresses and phones by customer."""
    tables = [what.facts.tables[name] for name in _PERSONS if name in what.facts.tables] if what.facts else []
    for table in tables:
        yield _columns(table)
    if not tables and "name" in what.profiles.catalogue.available:
        yield Columns.of(what.profiles.files).read([NUMBER, "name"])


def _columns(table: FactTable) -> pa.Table:
    names = [NUMBER, *(name for name in ("name", "email", "phone") if name in table.columns)]
    return pa.concat_tables(pq.read_table(file, columns=names) for file in table.buckets)


def _words(tables: Sequence[pa.Table], ranks: Ranks) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Words with the ranks of those whom they name."""
    found: list[pa.Array] = [pa.array([], pa.string())]
    of: list[pa.Array] = [pa.array([], pa.int64())]
    for table in tables:
        if "name" in table.column_names:
            parts, rows = words(*_known(table, "name"))
            found.append(parts)
            of.append(rows)
        if "email" in table.column_names:
            texts, rows = _known(table, "email")
            address = folded(texts)
            found += [address, _after_sign(address)]
            of += [rows, rows]
    return pa.concat_arrays(found), ranks[pa.concat_arrays(of).to_numpy()].astype(np.int64)


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


def _write_words(found: pa.Array, of: npt.NDArray[np.int64], to: Path) -> Ranks:
    """Write the words in order with where their customers begin; gives the customers."""
    encoded = found.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), dtype=np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    codes = place[encoded.indices.to_numpy()] if len(found) else np.zeros(0, dtype=np.int64)
    pairs = np.sort((codes << _KEY_BITS) | of)
    starts = np.searchsorted(pairs, np.arange(len(order) + 1, dtype=np.int64) << _KEY_BITS)
    table = pa.table({"word": encoded.dictionary.take(order), "start": starts[:-1]}).combine_chunks()
    with pa.OSFile(str(to), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    customers: Ranks = (pairs & ((1 << _KEY_BITS) - 1)).astype(np.int32)
    return customers


def _phones(tables: Sequence[pa.Table], ranks: Ranks) -> tuple[npt.NDArray[np.int64], Ranks]:
    keys, of = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
    for table in tables:
        if "phone" in table.column_names:
            texts, rows = _known(table, "phone")
            owners = ranks[rows.to_numpy()]
            keys += phone_keys(texts)
            of += [owners, owners]
    every, owners = np.concatenate(keys), np.concatenate(of)
    order = np.argsort(every, kind="stable")
    return every[order], owners[order]
