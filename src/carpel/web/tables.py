"""Data tables: their columns, and by which of them a reader sorts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, TypeVar

from fastapi import Request
from markupsafe import Markup, escape

from carpel.kernel.errors import nearest
from carpel.kernel.texts import Rendered
from carpel.runs.views.errors import NotThere

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table.

    Attributes:
        key: Its name in addresses.
        label: Its heading; None where a picture needs no word to be seen.
        unseen: What a screen reader says where there is no heading.
        is_number: Whether it stands at the right, in tabular figures, and is first sorted from the most down.
        sorts: Whether a reader may sort by it.
        rank: 1 is always there; between phone and laptop those of 3 give way first, then those of 2.
    """

    key: str
    label: Rendered | None
    unseen: Rendered | None = None
    is_number: bool = True
    sorts: bool = True
    rank: int = 1


@dataclass(frozen=True, kw_only=True)
class Sorting:
    """By which column a table is sorted: `?sort=name`, or `?sort=-name` from the most down.

    Attributes:
        column: The column's key; None is the table's own order.
        descending: From the most down.
    """

    column: str | None = None
    descending: bool = False

    @classmethod
    def of(cls, request: Request, columns: Iterable[Column]) -> Self:
        """As a request asks.

        Raises:
            NotThere: The table is not sorted by such a column; the nearest is named.
        """
        asked = request.query_params.get("sort", "")
        if not asked:
            return cls()
        column, known = asked.removeprefix("-"), [each.key for each in columns if each.sorts]
        if column not in known:
            raise NotThere("web.no-such-column", place="sort", column=column, hint=nearest(column, known))
        return cls(column=column, descending=asked.startswith("-"))

    def next(self, column: Column) -> str | None:
        """What a click on a heading asks for: this column, then the other way about, then the table's own order."""
        ways = [f"-{column.key}", column.key] if column.is_number else [column.key, f"-{column.key}"]
        now = f"{'-' if self.descending else ''}{self.column}"
        if self.column != column.key:
            return ways[0]
        return ways[1] if now == ways[0] else None

    def apply(self, rows: Iterable[Row], values: Mapping[str, Callable[[Row], Any]]) -> tuple[Row, ...]:
        """Rows in this order; those without a value come last either way."""
        value = values.get(self.column or "")
        rows = tuple(rows)
        if value is None:
            return rows
        known = sorted((row for row in rows if value(row) is not None), key=value, reverse=self.descending)
        return (*known, *(row for row in rows if value(row) is None))


_CELL: Final = re.compile(r"<t[dh]\b")


def under(cells: Markup, columns: Sequence[Column], headings: Sequence[str]) -> Markup:
    """A row's cells, each with its column's rank and heading: on a phone there is no column above it."""
    headed = iter(zip(columns, headings, strict=True))

    def marked(found: re.Match[str]) -> str:
        column, heading = next(headed)
        # A row's own heading stands above the others.
        if found.group() == "<th":
            return "<th"
        return f'<td data-rank="{column.rank}" data-heading="{escape(heading)}"'

    return Markup(_CELL.sub(marked, str(cells)))  # noqa: S704 (drawn by a template already)
