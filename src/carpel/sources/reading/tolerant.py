"""Delimited text that breaks its own rules: every row is kept with what is there, and what was wrong is counted."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.sources.reading.dialects import Dialect
from carpel.sources.reading.text_tables import TextRow

_LINE: Final = 4 << 20
_CELL: Final = 1 << 20
_QUOTED_LINES: Final = 2_000
_SHOWN: Final = 80
_EXAMPLES: Final = 5


class TolerantRows:
    """The rows of a file that a strict reader refuses; iterate once, then ask for `issues`."""

    def __init__(self, path: Path, dialect: Dialect, place: str) -> None:
        self._path = path
        self._dialect = dialect
        self._place = place
        self._found: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def __iter__(self) -> Iterator[TextRow]:
        width = len(self._dialect.names)
        with self._path.open(encoding="utf-8-sig", errors="replace", newline=None) as file:
            lines = _Lines(file, self)
            lines.skip(self._dialect.skipped)
            while (record := lines.next_record(self._dialect.delimiter)) is not None:
                if any(record):
                    yield self._fitted(record, width, lines.number)

    def note(self, key: str, example: str) -> None:
        """Count one more finding of a kind."""
        self._counts[key] = self._counts.get(key, 0) + 1
        examples = self._found.setdefault(key, [])
        if len(examples) < _EXAMPLES:
            examples.append(example[:_SHOWN])

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What was wrong, counted, with examples."""
        return tuple(
            Issue(
                severity=Severity.WARNING,
                text=text(key, count=count),
                place=self._place,
                count=count,
                examples=tuple(self._found[key]),
            )
            for key, count in sorted(self._counts.items())
        )

    def _fitted(self, record: list[str], width: int, line: int) -> TextRow:
        if len(record) == width and max(map(len, record)) <= _CELL:
            return TextRow(record)
        cells = [self._bounded(cell, line) for cell in record]
        beyond = cells[width:]
        if len(cells) < width:
            self.note("reading.short-rows", f"{line}: {self._dialect.delimiter.join(cells)}")
        if not any(beyond):
            return TextRow(cells[:width])
        self.note("reading.long-rows", f"{line}: {self._dialect.delimiter.join(cells)}")
        return TextRow(cells[:width], self._dialect.delimiter.join(beyond))

    def _bounded(self, cell: str, line: int) -> str:
        if len(cell) <= _CELL:
            return cell
        self.note("reading.huge-cells", f"{line}: {cell[:_SHOWN]}")
        return cell[:_CELL]


class _Lines:
    """Physical lines with a way back: a quote that never closes gives its lines back."""

    def __init__(self, file: TextIO, findings: TolerantRows) -> None:
        self._file = file
        self._findings = findings
        self._returned: deque[str] = deque()
        self.number = 0

    def skip(self, count: int) -> None:
        for _ in range(count):
            self._next()

    def next_record(self, delimiter: str) -> list[str] | None:
        """The cells of the next record; None at the end."""
        line = self._next()
        if line is None:
            return None
        try:
            return _cut(line, delimiter)
        except csv.Error:
            return self._continued(line, delimiter)

    def _continued(self, line: str, delimiter: str) -> list[str]:
        """A quoted cell goes on in the lines below, until a quote closes it; where none does, it was no quote."""
        taken: list[str] = []
        size = len(line)
        while len(taken) < _QUOTED_LINES and size <= _CELL:
            more = self._next()
            if more is None:
                self.number -= 1
                break
            taken.append(more)
            size += len(more)
            if '"' not in more:
                continue
            try:
                return _cut("".join((line, *taken)), delimiter)
            except csv.Error:
                continue
        self._findings.note("reading.open-quotes", f"{self.number - len(taken)}: {line.strip()}")
        self.number -= len(taken)
        self._returned.extendleft(reversed(taken))
        return [cell.strip('"') for cell in line.rstrip("\n").split(delimiter)]

    def _next(self) -> str | None:
        self.number += 1
        if self._returned:
            return self._returned.popleft()
        line: str = self._file.readline(_LINE)
        if len(line) == _LINE and not line.endswith("\n"):
            self._drop_rest(line)
        return line or None

    def _drop_rest(self, line: str) -> None:
        self._findings.note("reading.huge-lines", f"{self.number}: {line[:_SHOWN]}")
        while (rest := self._file.readline(_LINE)) and not rest.endswith("\n"):
            pass


def _cut(line: str, delimiter: str) -> list[str]:
    csv.field_size_limit(_LINE * 2)
    return next(csv.reader([line], delimiter=delimiter, strict=True), [])
