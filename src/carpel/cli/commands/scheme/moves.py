"""`carpel scheme moves`: who went where between two dates, with the money on each arrow."""

from __future__ import annotations

from typing import Any

import click
from babel.numbers import format_decimal

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.kernel.texts import locale_of
from carpel.runs.moves import Arrow
from carpel.workspace import open as open_workspace
from carpel.workspace.moves import MoveTable

_SHOWN = 15
_LENGTH = 16


@click.command(name="moves", cls=Command, within="scheme")
@click.option("--from", "start", cls=Option, metavar="DATE", help="option.moves-from")
@click.option("--to", "end", cls=Option, metavar="DATE", help="option.moves-to")
@common_options
def command(start: str | None, end: str | None) -> None:
    """See help.scheme.moves."""
    with open_workspace(workspace_folder()) as workspace, TerminalProgress() as progress:
        found = workspace.moves(start, end, progress=progress)
    if wants_json():
        print_json(record(found))
    else:
        show(found)


def record(found: MoveTable) -> dict[str, Any]:
    """The moves for scripts; null is outside the base."""
    moves, expected = found.moves, found.expected
    return {
        "from": {"day": moves.start.day, "run": moves.start.run},
        "to": {"day": moves.end.day, "run": moves.end.run},
        "currency": found.currency.code,
        "flows": [
            {
                "from": each.before,
                "to": each.after,
                "customers": each.customers,
                "revenue": None if each.revenue is None else found.currency.major(each.revenue),
            }
            for each in moves.flows
        ],
        "segments": [
            {name: getattr(each, name) for name in ("key", "before", "came", "entered", "left", "exited", "after")}
            for each in moves.segments
        ],
        "expected": None if expected is None else [_arrow(each) for each in expected.arrows],
        "notes": found.notes,
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    values = {name: getattr(arrow, name) for name in ("customers", "expected", "low", "high", "exceeds")}
    return {"from": arrow.before, "to": arrow.after, **values}


def show(found: MoveTable) -> None:
    """The arrows, the segments, then what is to be said of them."""
    moves = found.moves
    moved = sum(each.customers for each in moves.moved)
    head = say("moves.head", start=moves.start.day, end=moves.end.day, moved=moved)
    out().print(head, style="bold", markup=False)
    _show_arrows(found)
    _show_segments(found)
    for note in found.notes:
        out().print(note.render(reader_language()), markup=False)


def _show_arrows(found: MoveTable) -> None:
    moved = found.moves.moved
    if not moved:
        return
    arrows = found.expected.arrows if found.expected else ()
    expected: dict[tuple[str | None, str | None], Arrow] = {(each.before, each.after): each for each in arrows}
    grid = Grid([say("plan.from"), "", say("plan.to"), *_heads()], lesser=(5, 1, 4))
    for each in moved[:_SHOWN]:
        line = "─" * max(1, round(_LENGTH * each.customers / moved[0].customers)) + "▶"
        usual = expected.get((each.before, each.after))
        money = "" if each.revenue is None else found.currency.shown(each.revenue, reader_language(), whole=True)
        wanted = "" if usual is None else _number(round(usual.expected)) + (" !" if usual.exceeds else "")
        names = (_name(found, each.before), line, _name(found, each.after))
        grid.rows.append([*names, _number(each.customers), money, wanted])
    grid.show()
    if len(moved) > _SHOWN:
        out().print(say("plan.more-moves", count=len(moved) - _SHOWN), style="dim", markup=False)


def _heads() -> list[str]:
    return [">" + say(each) for each in ("segments.customers", "segments.revenue", "moves.expected")]


def _show_segments(found: MoveTable) -> None:
    heads = ("moves.before", "moves.came", "moves.entered", "moves.left", "moves.exited", "moves.after", "moves.net")
    grid = Grid([say("segments.segment"), *(">" + say(each) for each in heads)], lesser=(3, 5, 2, 4))
    for each in found.moves.segments:
        numbers = (each.before, each.came, each.entered, each.left, each.exited, each.after)
        grid.rows.append([_name(found, each.key), *map(_number, numbers), f"{each.net:+,}"])
    grid.show()


def _name(found: MoveTable, segment: str | None) -> str:
    return found.label(segment).render(reader_language())


def _number(value: int) -> str:
    return str(format_decimal(value, locale=locale_of(reader_language())))
