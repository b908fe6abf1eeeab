"""`carpel replay`: proof that the same facts give the same rows."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, say
from carpel.cli.output import out, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.workspace import open as open_workspace


@click.command(name="replay", cls=Command)
@common_options
def command() -> int:
    """See help.replay."""
    with open_workspace(workspace_folder()) as workspace, TerminalProgress() as progress:
        replay = workspace.runs.replay(progress=progress)
    if wants_json():
        print_json({"run": replay.run, "same": replay.same, "rows": replay.rows})
    elif replay.same:
        out().print(say("replay.same", count=replay.rows))
    else:
        out().print(say("replay.differs", run=replay.run))
    return 0 if replay.same else 1
