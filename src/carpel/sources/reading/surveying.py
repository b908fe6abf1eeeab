"""Surveying: every file of some places looked at, column by column, and files of one form put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TypeAlias

from carpel.sources.reading.decisions import decide, learnt
from carpel.sources.reading.formats import Format
from carpel.sources.reading.opening import Found, find_all, open_table
from carpel.sources.reading.places import expand, stem
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.values import Dataset, ReadOptions

_Key: TypeAlias = tuple[object, ...]


def survey(paths: Sequence[Path], *, options: ReadOptions | None = None) -> tuple[Dataset, ...]:
    """Look at files, folders and globs.

    Args:
        paths: What to look at.
        options: What is already known about how to read them.

    Raises:
        CarpelError: A path does not exist, or a file cannot be read as a table.
    """
    given = options or ReadOptions()
    with Scratch() as scratch:
        together: dict[_Key, list[Found]] = {}
        tables, left_out = find_all(expand(paths), given, scratch, named=paths)
        for found in tables:
            together.setdefault(_key(found), []).append(found)
        names: set[str] = set()
        first, *others = (_dataset(each, given, scratch, names) for each in together.values())
        return (replace(first, issues=(*left_out, *first.issues)), *others)


def _key(found: Found) -> _Key:
    """Files are one data set if their form and columns are the same; without a header, only in the same folder."""
    headless = found.read.header is False
    columns = tuple(sorted(name.casefold() for name in found.names))
    return (found.format, found.sheet, columns, found.source.parent if headless else None)


def _dataset(found: Sequence[Found], given: ReadOptions, scratch: Scratch, names: set[str]) -> Dataset:
    table = open_table(found, scratch)
    first = found[0]
    decided, doubts = decide(
        table, given, {}, scratch, place=str(first.source), excel=first.format is Format.EXCEL, exact=True
    )
    return Dataset(
        name=_free(_name(found), names),
        files=tuple(each.source for each in found),
        sheet=first.sheet,
        read=learnt(decided, _agreed(found, given)),
        columns=tuple(each.decision for each in decided),
        rows=table.rows,
        issues=(*table.issues, *doubts),
    )


def _agreed(found: Sequence[Found], given: ReadOptions) -> ReadOptions:
    """The layout that all files share; what differs between them is decided file by file."""
    shared = {
        name: getattr(found[0].read, name)
        for name in ("delimiter", "encoding", "sheet", "header")
        if getattr(given, name) is None and len({getattr(each.read, name) for each in found}) == 1
    }
    return replace(given, **shared)


def _name(found: Sequence[Found]) -> str:
    first = found[0]
    stems = [stem(each.source) for each in found]
    shared = "".join(letters[0] for letters in takewhile(_same, zip(*stems, strict=False)))
    name = re.sub(r"[\W_]*\d*[\W_]*$", "", shared) or first.source.parent.name or shared
    if len(stems) == 1:
        name = stems[0]
    if first.sheet and first.read.sheet:
        name = f"{name}_{first.sheet}" if first.sheet.casefold() != name.casefold() else name
    return re.sub(r"\W+", "_", name).strip("_").lower() or "data"


def _same(letters: tuple[str, ...]) -> bool:
    return len(set(letters)) == 1


def _free(wish: str, taken: set[str]) -> str:
    name, number = wish, 2
    while name in taken:
        name, number = f"{wish}_{number}", number + 1
    taken.add(name)
    return name
