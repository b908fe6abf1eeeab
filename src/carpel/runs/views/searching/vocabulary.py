"""Words in byte order, each with whom it names: those of a beginning of a word are one piece of an array."""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Some = npt.NDArray[np.int32]
"""Ranks of some customers."""

HIGHEST: Final = "\U0010ffff"
"""Whatever begins with a text comes before the text with this behind it."""
_KEY_BITS: Final = 32


class Vocabulary:
    """Reads words in place."""

    def __init__(self, folder: Path, name: str) -> None:
        self._words, self._starts = _mapped(folder / f"{name}.arrow")
        self._customers = np.load(folder / f"{name}.npy", mmap_mode="r")

    def of(self, beginning: str) -> Some:
        """The ranks of those of whom a word begins so; one may come more than once."""
        first, last = (bisect_left(self._words, each, key=_text) for each in (beginning, beginning + HIGHEST))
        found: Some = self._customers[self._start(first) : self._start(last)]
        return found

    def _start(self, word: int) -> int:
        return self._starts[word].as_py() if word < len(self._starts) else len(self._customers)


def write_vocabulary(found: pa.Array, of: npt.NDArray[np.int64], folder: Path, name: str) -> None:
    """Write words in order with where their customers begin, and the customers.

    Args:
        found: Words.
        of: The rank of whom each names.
        folder: Where to.
        name: Of the two files.
    """
    encoded = found.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    place = np.empty(len(order), dtype=np.int64)
    place[order.to_numpy()] = np.arange(len(order))
    codes = place[encoded.indices.to_numpy()] if len(found) else np.zeros(0, dtype=np.int64)
    pairs = np.sort((codes << _KEY_BITS) | of)
    starts = np.searchsorted(pairs, np.arange(len(order) + 1, dtype=np.int64) << _KEY_BITS)
    table = pa.table({"word": encoded.dictionary.take(order), "start": starts[:-1]}).combine_chunks()
    with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    np.save(folder / f"{name}.npy", (pairs & ((1 << _KEY_BITS) - 1)).astype(np.int32))


def _mapped(file: Path) -> tuple[Any, Any]:
    batches = pa.ipc.open_file(pa.memory_map(str(file)))
    table = batches.read_all().combine_chunks()
    if not table.num_rows:
        return [], []
    return table["word"].chunk(0), table["start"].chunk(0)


def _text(word: Any) -> str:
    found: str = word.as_py()
    return found
