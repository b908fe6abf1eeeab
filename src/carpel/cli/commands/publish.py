"""`carpel publish`: the scheme's file becomes what runs use."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, say
from carpel.cli.commands.scheme.showing import base_option, by_option, comment_option, refused, show_changes, tell
from carpel.cli.output import out, wants_json
from carpel.governance import BaseChanged, between
from carpel.workspace import open as open_workspace


@click.command(name="publish", cls=Command)
@comment_option
@by_option
@base_option
@common_options
def command(comment: str, by: str | None, base: int | None) -> int:
    """See help.publish."""
    with open_workspace(workspace_folder()) as workspace:
        before = workspace.schemes.published()
        try:
            version = workspace.publish(comment=comment, by=by, base=base)
        except BaseChanged as error:
            return refused(error)
    changed = before is None or before.number != version.number
    tell(version, "scheme.published" if changed else "scheme.same", changed=changed)
    if before and changed and not wants_json():
        show_changes(between(before, version))
    if changed and not wants_json():
        out().print(say("publish.next"), style="dim")
    return 0
