"""JSON objects, one a line or in an array, as rows of text: `{"customer": {"id": 7}}` has a column `customer.id`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from json import JSONDecodeError, JSONDecoder
from pathlib import Path
from typing import Any, Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.sources.reading.dialects import MAX_COLUMNS
from carpel.sources.reading.plain_text import PlainText
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.text_tables import TextRow, TextTable, write_rows

_LINE: Final = 16 << 20
_PIECE: Final = 1 << 20
_EXAMPLES: Final = 5
_DEEPEST: Final = 8
_WIDEST: Final = 200
_EXAMPLE: Final = '{"name": "Ana"}'
_DECODER: Final = JSONDecoder(parse_float=str, parse_int=str, parse_constant=lambda _: None)


def text_table(source: Path, plain: PlainText, scratch: Scratch) -> TextTable:
    """The objects of a file, their keys in the order in which they are first met.

    Raises:
        CarpelError: The file holds no objects.
    """
    place = str(source)
    names = _names(plain.path, place)
    faults = _Faults(place)
    rows = (TextRow([_cell(found.get(name)) for name in names]) for found in _flat_objects(plain.path, faults))
    path = write_rows(rows, len(names), scratch)
    return TextTable(source, path, names, (*plain.issues, *faults.issues))


class _Faults:
    """Lines that are no JSON objects."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._count = 0
        self._examples: list[str] = []
        self._lists: dict[str, None] = {}

    def note_list(self, name: str) -> None:
        """A column holds lists of objects, which no cell can."""
        self._lists[name] = None

    def note(self, line: str) -> None:
        self._count += 1
        if len(self._examples) < _EXAMPLES:
            self._examples.append(line.strip()[:80])

    @property
    def issues(self) -> tuple[Issue, ...]:
        return (*self._broken(), *self._of_lists())

    def _of_lists(self) -> tuple[Issue, ...]:
        if not self._lists:
            return ()
        columns = ", ".join(list(self._lists)[:_EXAMPLES]) + ("…" if len(self._lists) > _EXAMPLES else "")
        message = text("reading.nested-lists", count=len(self._lists), columns=columns)
        return (Issue(severity=Severity.NOTE, text=message, place=self._place, count=len(self._lists)),)

    def _broken(self) -> tuple[Issue, ...]:
        if not self._count:
            return ()
        message = text("reading.broken-json-lines", count=self._count)
        examples = tuple(self._examples)
        return (
            Issue(severity=Severity.WARNING, text=message, place=self._place, count=self._count, examples=examples),
        )


def _names(path: Path, place: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for found in _flat_objects(path, _Faults(place)):
        if not found.keys() <= names.keys():
            names.update(dict.fromkeys(found))
            if len(names) > MAX_COLUMNS:
                raise CarpelError("reading.too-many-columns", place=place, limit=MAX_COLUMNS)
    if not names:
        raise CarpelError("reading.no-json-objects", place=place, example=_EXAMPLE)
    return tuple(names)


def _flat_objects(path: Path, faults: _Faults) -> Iterator[dict[str, Any]]:
    return (_flat(found, faults) for found in _objects(path, faults))


def _flat(found: dict[str, Any], faults: _Faults, above: str = "", depth: int = 1) -> dict[str, Any]:
    """The entries of an object and of those within it; what is too deep, too wide or named twice stays JSON."""
    flat: dict[str, Any] = {}
    for key, value in found.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and value and depth < _DEEPEST and len(value) <= _WIDEST:
            inner = _flat(value, faults, f"{name}.", depth + 1)
            flat |= inner if not inner.keys() & (flat.keys() | found.keys()) else {name: value}
        else:
            flat[name] = _listed(value, name, faults) if isinstance(value, list) else value
    return flat


def _listed(values: list[Any], name: str, faults: _Faults) -> Any:
    """Plain values one after another; a list of anything else as it is, with a note."""
    if any(isinstance(each, dict | list) for each in values):
        faults.note_list(name)
        return values
    return "; ".join(_cell(each) or "" for each in values)


def _objects(path: Path, faults: _Faults) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        start = file.read(1)
        while start.isspace():
            start = file.read(1)
        if start == "[":
            yield from _in_array(file, faults)
            return
        rest = file.readline(_LINE)
        yield from _of_line(start + rest, faults)
        while line := file.readline(_LINE):
            yield from _of_line(line, faults)


def _of_line(line: str, faults: _Faults) -> Iterator[dict[str, Any]]:
    if not line.strip():
        return
    try:
        found = _DECODER.decode(line)
    except (JSONDecodeError, RecursionError):
        found = None
    if isinstance(found, dict):
        yield found
    else:
        faults.note(line)


def _in_array(file: Any, faults: _Faults) -> Iterator[dict[str, Any]]:
    """The elements of an array, one after another, without the whole of it in memory."""
    waiting = ""
    while True:
        more = file.read(_PIECE)
        waiting = (waiting + more).lstrip(" \t\r\n,")
        while waiting and waiting[0] != "]":
            try:
                found, end = _DECODER.raw_decode(waiting)
            except (JSONDecodeError, RecursionError):
                break
            waiting = waiting[end:].lstrip(" \t\r\n,")
            if isinstance(found, dict):
                yield found
            else:
                faults.note(str(found))
        if not more or waiting[:1] == "]" or len(waiting) > _LINE:
            if waiting and waiting[0] != "]":
                faults.note(waiting)
            return


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)
