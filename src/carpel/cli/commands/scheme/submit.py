"""`carpel scheme submit`: the file as a version that waits for approval."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command
from carpel.cli.commands.scheme.showing import base_option, by_option, comment_option, refused, tell
from carpel.governance import BaseChanged
from carpel.workspace import open as open_workspace


@click.command(name="submit", cls=Command, within="scheme")
@comment_option
@by_option
@base_option
@common_options
def command(comment: str, by: str | None, base: int | None) -> int:
    """See help.scheme.submit."""
    with open_workspace(workspace_folder()) as workspace:
        try:
            version = workspace.schemes.submit(comment=comment, by=by, base=base)
        except BaseChanged as error:
            return refused(error)
    tell(version, "scheme.submitted")
    return 0
