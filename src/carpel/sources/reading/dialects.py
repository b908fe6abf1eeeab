"""How a delimited text is laid out: what stands between cells, where rows begin, what the columns are called."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.sources.reading.values import Header, ReadOptions

MAX_COLUMNS: Final = 5_000
RESERVED: Final = frozenset({"__file", "__row", "__raw"})
"""Columns that landing adds; a source's own column of that name gets a further underscore."""
_DELIMITERS: Final = ("\t", ";", "|", ",")
_SPELLED: Final = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_SAMPLE: Final = 1 << 20
_ROWS: Final = 300
_NEARLY_ALL: Final = 0.98
_TITLES: Final = 20
_MEASURED = re.compile(r"[\s(+\-]*[^\w\s]?\s*\d[\d.,:/\s%)\-T]*")


@dataclass(frozen=True)
class Dialect:
    """The layout of one text file.

    Attributes:
        delimiter: What stands between cells.
        names: The columns' names, each different from the others in whatever case.
        skipped: Physical lines before the first row of data.
        header: As `ReadOptions.header` would say it.
        quoted: Whether cells may stand in quotes.
        issues: What was decided.
    """

    delimiter: str
    names: tuple[str, ...]
    skipped: int
    header: bool | int
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class _Row:
    cells: list[str]
    line: int

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


def dialect(path: Path, options: ReadOptions, place: str) -> Dialect:
    """Decide the layout from the file's first megabyte, where the options leave it open.

    Raises:
        CarpelError: The delimiter is more than one character, or there are too many columns.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        sample = file.read(_SAMPLE)
        if len(sample) == _SAMPLE:
            sample = _whole_lines(sample)
    delimiter = _given(options.delimiter, place) or _decided(sample)
    rows = [row for row in _rows(sample, delimiter) if row.cells]
    width = _usual_width(rows)
    if width > MAX_COLUMNS:
        raise CarpelError("reading.too-many-columns", place=place, limit=MAX_COLUMNS)
    return _with_header(rows, delimiter, width, options.header, place)


def header_of(rows: Sequence[Sequence[str]], wish: Header) -> int:
    """How many of the first rows are titles and column names; 0 where the first row is data already.

    A row is the header where its cells are words and those below, in some column, are numbers or dates.
    """
    if wish is True:
        return 1
    if wish is not None and wish is not False:
        return int(wish)
    if wish is False or not rows:
        return 0
    return 1 if _looks_like_names(rows[0], rows[1:]) else 0


def titles(filled: Sequence[int], width: int) -> int:
    """How many leading rows are titles: a single filled cell above a table of several columns."""
    count = 0
    while count < min(len(filled) - 1, _TITLES) and width > 1 and filled[count] <= 1:
        count += 1
    return count


def names_of(cells: Sequence[str], width: int, place: str) -> tuple[tuple[str, ...], tuple[Issue, ...]]:
    """The columns' names: blank ones counted, repeated ones numbered; and what had to be changed."""
    names: list[str] = []
    taken: set[str] = set()
    blank: list[str] = []
    repeated: list[str] = []
    for number in range(width):
        wish = _tidy(cells[number]) if number < len(cells) else ""
        name = _free(wish or f"column_{number + 1}", taken)
        if not wish:
            blank.append(name)
        elif name != wish:
            repeated.append(name)
        taken.add(name.casefold())
        names.append(name)
    return tuple(names), tuple(_name_issues(blank if cells else [], repeated, place))


def _tidy(cell: str) -> str:
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", cell).replace("\x00", "")).strip("\ufeff ")
    return f"{name[:200]}_" if name.casefold() in RESERVED else name[:200]


def _free(wish: str, taken: set[str]) -> str:
    name, number = wish, 2
    while name.casefold() in taken:
        name, number = f"{wish}_{number}", number + 1
    return name


def _name_issues(blank: list[str], repeated: list[str], place: str) -> Iterator[Issue]:
    for key, names in (("reading.blank-names", blank), ("reading.repeated-names", repeated)):
        if names:
            message = text(key, count=len(names))
            count, examples = len(names), tuple(names[:5])
            yield Issue(severity=Severity.WARNING, text=message, place=place, count=count, examples=examples)


def _whole_lines(sample: str) -> str:
    """Without the last line, which may be cut; a single line stays as it is."""
    end = max(sample.rfind("\n"), sample.rfind("\r"))
    return sample[: end + 1] if end > 0 else sample


def _given(delimiter: str | None, place: str) -> str | None:
    if delimiter is None:
        return None
    found = _SPELLED.get(delimiter.lower(), delimiter)
    if len(found) != 1 or found in '"\r\n':
        raise CarpelError("reading.delimiter", place=place, delimiter=delimiter)
    return found


def _decided(sample: str) -> str:
    """The first delimiter under which nearly all rows are equally wide; else the one that comes nearest."""
    best, score = ",", 0.0
    for delimiter in _possible(sample):
        widths = [len(row.cells) for row in _rows(sample, delimiter) if row.filled > 1 or len(row.cells) > 1]
        all_rows = sum(1 for row in _rows(sample, delimiter) if row.cells)
        width, agree = Counter(widths).most_common(1)[0] if widths else (1, 0)
        share = agree / all_rows if width > 1 and all_rows else 0.0
        if share >= _NEARLY_ALL:
            return delimiter
        if share > score:
            best, score = delimiter, share
    return best


def _possible(sample: str) -> tuple[str, ...]:
    """The delimiters that may be meant: those that split the first line into names, or all where none does."""
    first = [next(iter(_rows(sample, each)), None) for each in _DELIMITERS]
    named = [each for each, row in zip(_DELIMITERS, first, strict=True) if row and _names_columns(row)]
    return tuple(named) or _DELIMITERS


def _names_columns(row: _Row) -> bool:
    """Whether every cell of a row is a name, so that a mark between them is no part of the values."""
    return len(row.cells) > 1 and all(cell.strip() and not _measured(cell) for cell in row.cells)


def _rows(sample: str, delimiter: str) -> list[_Row]:
    """The first rows, as Python's reader cuts them; a row that it refuses ends the sample."""
    csv.field_size_limit(_SAMPLE * 2)
    reader = csv.reader(StringIO(sample, newline=None), delimiter=delimiter)
    rows: list[_Row] = []
    try:
        for cells in reader:
            rows.append(_Row(cells, reader.line_num))
            if len(rows) >= _ROWS:
                break
    except csv.Error:
        pass
    return rows


def _usual_width(rows: Sequence[_Row]) -> int:
    widths = Counter(len(row.cells) for row in rows)
    if not widths:
        return 1
    most = max(widths.values())
    return max(width for width, count in widths.items() if count == most)


def _with_header(rows: list[_Row], delimiter: str, width: int, wish: Header, place: str) -> Dialect:
    above = titles([row.filled for row in rows], width) if wish is None else 0
    named = above + 1 if above else header_of([row.cells for row in rows], wish)
    header = rows[named - 1].cells if 0 < named <= len(rows) else []
    width = max(width, len(header)) if header else width
    names, issues = names_of(header, width, place)
    skipped = rows[min(named, len(rows)) - 1].line if named and rows else 0
    decided: bool | int = named == 1 if named <= 1 else named
    return Dialect(delimiter, names, skipped, decided, (*layout_notes(above, header, place), *issues))


def layout_notes(above: int, header: Sequence[str], place: str) -> Iterator[Issue]:
    """What was decided about the rows above the data."""
    if above:
        yield Issue(severity=Severity.NOTE, text=text("reading.titles-skipped", count=above), place=place, count=above)
    if not header:
        yield Issue(severity=Severity.NOTE, text=text("reading.no-header"), place=place)


def _looks_like_names(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    if not body:
        return not any(_measured(cell) for cell in first if cell.strip())
    votes = sum(
        _vote(first[number], [row[number] for row in body if number < len(row)]) for number in range(len(first))
    )
    return votes > 0 or (votes == 0 and not any(_measured(cell) for cell in first))


def _vote(name: str, values: list[str]) -> int:
    """Whether one column's first cell speaks for a header (1), against it (-1), or says nothing (0)."""
    filled = [value for value in values if value.strip()]
    if not name.strip() or not filled:
        return 0
    numeric = sum(map(_measured, filled)) * 10 >= len(filled) * 8
    if _measured(name):
        return -1 if numeric else 0
    if numeric:
        return 1
    return -1 if name in filled and len(set(filled)) < len(filled) else 0


def _measured(cell: str) -> bool:
    """Whether a cell is a number or a date rather than a word."""
    return _MEASURED.fullmatch(cell.strip()) is not None
