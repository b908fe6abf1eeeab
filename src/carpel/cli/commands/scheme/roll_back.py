"""`carpel scheme roll-back NUMBER`: an earlier version again."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command
from carpel.cli.commands.scheme.showing import by_option, comment_option, tell
from carpel.cli.output import print_issues, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="roll-back", cls=Command, within="scheme")
@click.argument("number", type=click.IntRange(1))
@comment_option
@by_option
@common_options
def command(number: int, comment: str, by: str | None) -> None:
    """See help.scheme.roll-back."""
    with open_workspace(workspace_folder()) as workspace:
        version = workspace.schemes.roll_back(number, comment=comment, by=by)
        differs = workspace.schemes.differs()
    tell(version, "scheme.published")
    if not wants_json():
        print_issues(differs)
