"""`carpel scheme approve NUMBER`: the sponsor agrees."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command
from carpel.cli.commands.scheme.showing import by_option, tell
from carpel.workspace import open as open_workspace


@click.command(name="approve", cls=Command, within="scheme")
@click.argument("number", type=click.IntRange(1))
@by_option
@common_options
def command(number: int, by: str | None) -> None:
    """See help.scheme.approve."""
    with open_workspace(workspace_folder()) as workspace:
        version = workspace.schemes.approve(number, by=by)
    tell(version, "scheme.approved")
