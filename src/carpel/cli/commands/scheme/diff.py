"""`carpel scheme diff [A] [B]`: what lies between two versions, or the published one and the file."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command
from carpel.cli.commands.scheme.showing import difference_record, show_changes, show_lines
from carpel.cli.output import print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="diff", cls=Command, within="scheme")
@click.argument("before", type=click.IntRange(1), required=False, metavar="[A]")
@click.argument("after", type=click.IntRange(1), required=False, metavar="[B]")
@common_options
def command(before: int | None, after: int | None) -> None:
    """See help.scheme.diff."""
    with open_workspace(workspace_folder()) as workspace:
        difference = workspace.schemes.diff(before, after)
    if wants_json():
        print_json(difference_record(difference))
        return
    show_changes(difference)
    show_lines(difference)
