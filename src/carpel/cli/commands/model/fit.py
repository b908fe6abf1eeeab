"""`carpel model fit MODEL`: learn a model without a run, and see how good it would be."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option
from carpel.cli.commands.model.showing import show
from carpel.cli.output import print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="fit", cls=Command, within="model")
@click.argument("model")
@click.option("--as-of", cls=Option, metavar="DATE", help="option.as-of")
@common_options
def command(model: str, as_of: str | None) -> None:
    """See help.model.fit."""
    with open_workspace(workspace_folder()) as workspace:
        card = workspace.models.fit(model, as_of=as_of)
    if wants_json():
        print_json(card.recorded())
        return
    show(card)
