"""`carpel scheme check-out [VERSION]`: a version in its file, to be worked on."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option
from carpel.cli.commands.scheme.showing import tell
from carpel.workspace import open as open_workspace


@click.command(name="check-out", cls=Command, within="scheme")
@click.argument("number", type=click.IntRange(1), required=False, metavar="[VERSION]")
@click.option("--discard", cls=Option, is_flag=True, help="option.discard")
@common_options
def command(number: int | None, *, discard: bool) -> None:
    """See help.scheme.check-out."""
    with open_workspace(workspace_folder()) as workspace:
        version = workspace.schemes.check_out(number, discard=discard)
    tell(version, "scheme.checked-out")
