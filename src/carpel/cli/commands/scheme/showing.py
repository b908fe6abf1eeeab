"""Versions and differences as people and scripts read them, and the options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click
from rich.text import Text as Styled

from carpel.cli.click_translated import Option, reader_language, say
from carpel.cli.output import err, out, print_error, print_json, wants_json
from carpel.governance import BaseChanged, Difference, SchemeVersion

F = TypeVar("F", bound=Callable[..., Any])
_COLOURS: Final = {"+": "green", "-": "red", "@": "cyan"}

comment_option = click.option("--comment", "-m", cls=Option, metavar="TEXT", default="", help="option.comment")
by_option = click.option("--as", "by", cls=Option, metavar="NAME", help="option.by")
base_option = click.option("--base", cls=Option, type=click.IntRange(1), metavar="NUMBER", help="option.base")


def record(version: SchemeVersion) -> dict[str, Any]:
    """A version for scripts, without its text."""
    names = ("number", "state", "author", "at", "comment", "base", "logic", "labels")
    later = ("approved_by", "approved_at", "published_by", "published_at")
    return {"scheme": version.scheme, **{name: getattr(version, name) for name in (*names, *later)}}


def difference_record(difference: Difference) -> dict[str, Any]:
    """A difference for scripts."""
    changes = [
        {"kind": each.kind, "subject": each.subject, "before": each.before, "after": each.after, "sentence": each.text}
        for each in difference.changes
    ]
    return {"logic": difference.logic, "changes": changes, "lines": difference.lines}


def show_changes(difference: Difference) -> None:
    """What a difference means, and whether anybody may move."""
    for change in difference.changes:
        out().print(f"  · {change.text.render(reader_language())}", markup=False)
    if not difference.changes:
        out().print(difference.summary.render(reader_language()), markup=False)
    out().print(say("diff.logic" if difference.logic else "diff.same-logic"), style="dim")


def show_lines(difference: Difference) -> None:
    """A difference line by line."""
    for line in difference.lines:
        out().print(Styled(line, style=_COLOURS.get(line[:1], "")), soft_wrap=True)


def tell(version: SchemeVersion, key: str, **more: Any) -> None:
    """What became of a version."""
    if wants_json():
        print_json({**record(version), **more})
    else:
        out().print(say(key, number=version.number, scheme=version.scheme), markup=False)


def refused(error: BaseChanged) -> int:
    """That another version was published meanwhile, with what it changed; gives the exit code."""
    print_error(error)
    if error.difference and not wants_json():
        for line in error.difference.lines:
            err().print(Styled(f"  {line}", style=_COLOURS.get(line[:1], "dim")), soft_wrap=True)
    return 1
