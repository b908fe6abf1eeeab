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
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text as Styled

from carpel.cli.click_translated import given, reader_language, say
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Labels, Text

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
    """

    heads: Sequence[str]
    rows: list[Sequence[str | Styled]] = field(default_factory=list)

    def show(self) -> None:
        """Print it, no wider than the terminal."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        for head in self.heads:
            right = head.startswith(">")
            table.add_column(head.lstrip(">"), justify="right" if right else "left", no_wrap=right, overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        out().print(table)


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
        places = ", ".join(dict.fromkeys(each.place for each in others[:3]))
        line.append("  " + say("more-of-a-kind", count=len(others), places=places), style="dim")
    return line


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
