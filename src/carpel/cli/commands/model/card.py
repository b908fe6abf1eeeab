"""`carpel model card MODEL`: what is told of a model of the current run."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command
from carpel.cli.commands.model.showing import show
from carpel.cli.output import print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="card", cls=Command, within="model")
@click.argument("model")
@common_options
def command(model: str) -> None:
    """See help.model.card."""
    with open_workspace(workspace_folder()) as workspace:
        card = workspace.models.card(model)
    if wants_json():
        print_json(card.recorded())
        return
    show(card)
