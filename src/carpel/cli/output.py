"""What commands print: tables that fit the terminal, JSON for scripts, errors with their remedy."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, Final

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from carpel.cli.click_translated import given, reader_language, say
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Labels, Text

_GAP = 2
_WORDS: Final = 20
"""Columns of letters in which words can still be read with ease."""

_LETTERS: Final = 6
"""Columns of letters below which nothing can be read."""

_PLACES: Final = 3
"""Places of a kind of issue that are named beside the first."""
_MARKS = {Severity.ERROR: ("✗", "bold red"), Severity.WARNING: ("!", "yellow"), Severity.NOTE: ("·", "dim")}


def out() -> Console:
    """Where results go. Made anew so that it follows the stream and width of the moment."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def err() -> Console:
    """Where progress and errors go."""
    return Console(file=sys.stderr, highlight=False)


def wants_json() -> bool:
    """Whether the command was given `--json`."""
    return bool(given("json"))


def print_json(value: Any) -> None:
    """One JSON document; texts in the reader's language."""
    click.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2))


def _plain(value: Any) -> Any:
    match value:
        case Text() | Labels():
            return value.render(reader_language())
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Enum():
            return value.value
        case date() | Path():
            return str(value) if isinstance(value, Path) else value.isoformat()
        case _:
            return _plain_collection(value)


def _plain_collection(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return value


@dataclass
class Grid:
    """A table on the terminal.

    Attributes:
        heads: Column names; a name that begins with `>` is set flush right, as numbers are.
        rows: Cells as they are shown.
        lesser: The columns that a narrow terminal can do without, by position, the first to leave first. The first
            column names the row and always stays.
    """

    heads: Sequence[str]
    rows: list[Sequence[str | Styled]] = field(default_factory=list)
    lesser: Sequence[int] = ()

    def show(self) -> None:
        """Print it, no wider than the terminal; columns that there is no room for are named below it."""
        console = out()
        shown = self._shown(console.width)
        table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
        for at, width in self._widths(shown, console.width).items():
            right = self._is_number(at)
            table.add_column(
                self.heads[at].lstrip(">"),
                justify="right" if right else "left",
                no_wrap=right,
                overflow="fold",
                width=width,
            )
        for row in self.rows:
            table.add_row(*(row[at] if at < len(row) else "" for at in shown))
        console.print(table)
        self._name_left_out(shown)

    def _name_left_out(self, shown: Sequence[int]) -> None:
        missing = [head.lstrip(">") for at, head in enumerate(self.heads) if at not in shown and head.lstrip(">")]
        if missing:
            out().print(Styled(say("columns-left-out", columns=", ".join(missing)), style="dim"))

    def _shown(self, width: int) -> list[int]:
        """The columns that there is room for."""
        shown, leaving = list(range(len(self.heads))), [at for at in self.lesser if at < len(self.heads)]
        while leaving and sum(self._least(at) + _GAP for at in shown) > width:
            shown.remove(leaving.pop(0))
        return shown

    def _widths(self, shown: Sequence[int], width: int) -> dict[int, int]:
        """How wide each column is: numbers keep to one line, and the widest words give way first."""
        widths = {at: self._width(at) for at in shown}
        over = sum(widths.values()) + _GAP * len(shown) - width
        for _ in range(over):
            words = [at for at in shown if not self._is_number(at) and widths[at] > _LETTERS]
            if not words:
                break
            widths[max(words, key=lambda at: widths[at])] -= 1
        return widths

    def _least(self, at: int) -> int:
        """How narrow a column should be: numbers keep to one line, words may take several."""
        return self._width(at) if self._is_number(at) else min(self._width(at), _WORDS)

    def _is_number(self, at: int) -> bool:
        return self.heads[at].startswith(">")

    def _width(self, at: int) -> int:
        cells = [row[at] for row in self.rows if at < len(row)]
        return max(cell_len(str(each)) for each in (self.heads[at].lstrip(">"), *cells))


def issue_record(issue: Issue) -> dict[str, Any]:
    """An issue as scripts see it."""
    return {
        "severity": issue.severity,
        "code": issue.code,
        "place": issue.place,
        "message": issue.text,
        "count": issue.count,
        "examples": issue.examples,
    }


def print_issues(issues: Sequence[Issue], *, to: Console | None = None, limit: int | None = None) -> None:
    """Errors first; each with its place and examples. Under a limit, one line for all issues of a kind.

    Args:
        issues: What was found.
        to: Where it goes; None means where results go.
        limit: How many lines at most; None shows every issue.
    """
    console = to or out()
    ranked = sorted(issues, key=lambda issue: list(Severity).index(issue.severity))
    kinds = [(issue,) for issue in ranked] if limit is None else _of_one_kind(ranked)
    for kind in kinds[:limit]:
        console.print(_issue_line(*kind))
    hidden = sum(len(kind) for kind in kinds[limit:]) if limit is not None else 0
    if hidden:
        console.print(Styled(say("more-issues", count=hidden), style="dim"))


def _of_one_kind(issues: Sequence[Issue]) -> list[tuple[Issue, ...]]:
    kinds: dict[tuple[Severity, str], list[Issue]] = {}
    for issue in issues:
        kinds.setdefault((issue.severity, issue.code), []).append(issue)
    return [tuple(each) for each in kinds.values()]


def _issue_line(issue: Issue, *others: Issue) -> Styled:
    """An issue, and where others of its kind are."""
    mark, style = _MARKS[issue.severity]
    line = Styled(f"{mark} ", style=style)
    line.append(f"{issue.place}: " if issue.place else "", style="bold")
    line.append(issue.text.render(reader_language()), style="")
    if issue.examples:
        line.append(f"  ({', '.join(issue.examples[:3])})", style="dim")
    if others:
        places = list(dict.fromkeys(each.place for each in others))
        shown = ", ".join(places[:_PLACES]) + (" …" if len(places) > _PLACES else "")
        line.append("  " + say("more-of-a-kind", count=len(others), places=shown), style="dim")
    return line


def print_usage_error(problem: str, command: str) -> None:
    """A command that was called wrongly, as JSON for a script."""
    record = {"error": "cli.wrong-usage", "message": problem, "place": command}
    click.echo(json.dumps(record, ensure_ascii=False), err=True)


def print_error(error: CarpelError) -> None:
    """What went wrong, where, and what to do; as JSON where the command was asked for JSON."""
    if wants_json():
        record = {"error": error.text.key, "message": error.text, "place": error.place}
        click.echo(json.dumps(_plain(record), ensure_ascii=False), err=True)
        return
    line = Styled("✗ ", style="bold red")
    line.append(f"{error.place}: " if error.place else "", style="bold")
    line.append(error.text.render(reader_language()), style="")
    err().print(line)
