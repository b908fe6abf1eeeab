"""`carpel model list`: every model, whether it is asked, and what it lacks."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import Grid, print_json, wants_json
from carpel.runs.modelled import ModelRow
from carpel.workspace import open as open_workspace


@click.command(name="list", cls=Command, within="model")
@common_options
def command() -> None:
    """See help.model.list."""
    with open_workspace(workspace_folder()) as workspace:
        rows = workspace.models.list()
    if wants_json():
        print_json({"models": [_record(each) for each in rows]})
        return
    heads = ("model", "question", "state", "rung", "method")
    grid = Grid([say(f"model.{name}") for name in heads], lesser=(4, 3))
    language = reader_language()
    for each in rows:
        rung = each.card.rung.label.render(language) if each.card else ""
        method = (each.card.method if each.card else None) or ""
        grid.rows.append([each.model.key, each.model.asks.render(language), _state(each), rung, method])
    grid.show()


def _state(row: ModelRow) -> str:
    if row.wants:
        return say("model.lacks", wants=", ".join(row.wants))
    if row.asked:
        return say("model.asked" if row.card else "model.asked-from-next-run")
    return say("model.not-asked")


def _record(row: ModelRow) -> dict[str, Any]:
    return {
        "key": row.model.key,
        "asks": row.model.asks,
        "asked": row.asked,
        "wants": row.wants,
        "attributes": [each.key for each in row.model.attributes],
        "in_current_run": row.card is not None,
        "rung": row.card.rung if row.card else None,
        "method": row.card.method if row.card else None,
    }
