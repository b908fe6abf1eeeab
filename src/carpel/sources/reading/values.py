"""What reading hands on: how a file is read, what each of its columns holds, and what was decided on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeAlias

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.issues import Issue
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import Node

Bound: TypeAlias = "str | int | float | Decimal | bool | date | datetime | None"
"""A column's smallest or largest value."""

Header: TypeAlias = "bool | int | None"
"""Whether the first row names the columns, or the number of the row that does; None where the rows decide."""

_KEYS: Final = ("delimiter", "encoding", "dates", "decimal", "sheet", "header", "nulls", "types")


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    """How to read a source's files. None means "look at the values and decide".

    Attributes:
        delimiter: What stands between cells: `,`, `;`, a tab, `|`.
        encoding: How the text is encoded: UTF-8, UTF-16, GB18030, Big5, cp1252.
        dates: The order of day, month and year where the values leave it open: `D/M/Y`, `M/D/Y` or `Y/M/D`.
        decimal: The decimal mark, `.` or `,`, where the values leave it open.
        sheet: The sheet of an Excel file.
        header: Whether the first row names the columns; a number says which row does, counted from 1
            without blank rows.
        nulls: Words that mean "nothing here", instead of the usual ones.
        types: For single columns, a type (`id`, `text`, `date`, …), a form (`M/D/Y`, `unix seconds`) or both.
    """

    delimiter: str | None = None
    encoding: str | None = None
    dates: str | None = None
    decimal: str | None = None
    sheet: str | None = None
    header: Header = None
    nulls: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_node(cls, node: Node) -> ReadOptions:
        """From `read:` of carpel.yaml.

        Raises:
            CarpelError: An entry is unknown or of the wrong form; says where.
        """
        given = node.mapping()
        for name, each in given.items():
            if name not in _KEYS:
                raise CarpelError("reading.unknown-option", place=each.place, name=name, hint=nearest(name, _KEYS))
        entries: dict[str, Any] = {name: given[name].text() for name in _KEYS[:5] if name in given}
        if "header" in given:
            entries["header"] = _header(given["header"])
        if "nulls" in given:
            entries["nulls"] = tuple(each.text() for each in given["nulls"].items())
        if "types" in given:
            entries["types"] = {name: each.text() for name, each in given["types"].mapping().items()}
        return cls(**entries)

    def to_yaml(self) -> dict[str, Any]:
        """The entries that say something, as carpel.yaml holds them."""
        entries = {name: getattr(self, name) for name in _KEYS}
        entries["nulls"] = list(self.nulls)
        entries["types"] = dict(self.types)
        return {name: value for name, value in entries.items() if value not in (None, [], {})}


def _header(node: Node) -> bool | int:
    value = node.value
    if isinstance(value, bool) or (isinstance(value, int) and value > 0):
        return value
    raise CarpelError("reading.header-option", place=node.place)


@dataclass(frozen=True, kw_only=True)
class ColumnDecision:
    """What one column holds, decided over all of its values.

    Attributes:
        name: As the source calls it; a blank name becomes `column_3`, a repeated one `name_2`.
        type: ID, TEXT, CATEGORY, INTEGER, NUMBER, BOOLEAN, DATE or INSTANT.
        format: How its values are written, such as `D/M/Y`, `decimal comma`, `Yes/No`; None where nothing is special.
        rows: All rows.
        nulls: Rows without a value, null words included.
        distinct: Different values, to within a few percent.
        samples: Up to five values as written, one of each of the most frequent forms.
        minimum: The smallest value read.
        maximum: The largest value read.
        unread: Values that do not fit the decision; landing sets them to null and keeps their text.
        alternatives: Other readings that the values allow as well, each as `ReadOptions.types` takes it.
        zoned: For an INSTANT, whether it was written with a zone and is therefore UTC; else it is local as written.
        unique: Whether no value occurs twice.
    """

    name: str
    type: ValueType
    format: str | None = None
    rows: int = 0
    nulls: int = 0
    distinct: int = 0
    samples: tuple[str, ...] = ()
    minimum: Bound = None
    maximum: Bound = None
    unread: int = 0
    alternatives: tuple[str, ...] = ()
    zoned: bool = False
    unique: bool = False


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Files of one form and the same columns, looked at.

    Attributes:
        name: A short name made from the file's or sheet's.
        files: The files, in order of their names.
        sheet: The sheet, for Excel.
        read: What to write into carpel.yaml so that they are always read like this.
        columns: A decision for each column, in the files' order.
        rows: All rows of all files.
        issues: What was decided that is not certain, and what could not be read.
    """

    name: str
    files: tuple[Path, ...]
    sheet: str | None
    read: ReadOptions
    columns: tuple[ColumnDecision, ...]
    rows: int
    issues: tuple[Issue, ...] = ()

    def column(self, name: str) -> ColumnDecision:
        """The column of that name; KeyError where there is none."""
        for each in self.columns:
            if each.name == name:
                return each
        raise KeyError(name)


@dataclass(frozen=True, kw_only=True)
class Landed:
    """A source's files as one typed Parquet file.

    Beside the source's columns it holds `__file` (text), `__row` (counted from 1 in each file, header left out) and
    `__raw` (a JSON object with the text of the row's cells that did not fit their type; null where all did).

    Attributes:
        path: The Parquet file.
        rows: Its rows.
        columns: A decision for each column of the source.
        issues: What was decided that is not certain, and what could not be read.
    """

    path: Path
    rows: int
    columns: tuple[ColumnDecision, ...]
    issues: tuple[Issue, ...] = ()
