"""`carpel model compare`: how good every model is now, and was in the run before."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import Grid, print_json, wants_json
from carpel.models import Card
from carpel.runs.modelled import Compared
from carpel.workspace import open as open_workspace


@click.command(name="compare", cls=Command, within="model")
@common_options
def command() -> None:
    """See help.model.compare."""
    with open_workspace(workspace_folder()) as workspace:
        found = workspace.models.compare()
    if wants_json():
        print_json({"models": [_record(each) for each in found]})
        return
    heads = [say("model.model"), say("model.rung"), say("model.measure"), *(f">{say(f'model.{x}')}" for x in _HEADS)]
    grid = Grid(heads, lesser=(2, 1))
    for each in found:
        now = each.now
        rung = now.rung.label.render(reader_language())
        row = [each.model.key, rung, now.measure.render(reader_language()), _gain(now)]
        grid.rows.append([*row, _gain(each.before) if each.before else "", f"{now.customers:,}"])
    grid.show()


_HEADS = ("gain-now", "gain-before", "customers")


def _gain(card: Card) -> str:
    return "" if card.gain is None else f"{card.gain:.3f} ({card.gain_low:.3f} … {card.gain_high:.3f})"


def _record(row: Compared) -> dict[str, Any]:
    return {
        "model": row.model.key,
        "now": row.now.recorded(),
        "before": row.before.recorded() if row.before else None,
    }
