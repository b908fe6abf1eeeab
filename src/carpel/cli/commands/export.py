"""`carpel export assignments|profiles --to FILE`."""

from __future__ import annotations

from pathlib import Path

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.output import out, print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="export", cls=Command)
@click.argument("what", type=click.Choice(["assignments", "profiles"]), metavar="assignments|profiles")
@click.option(
    "--to", "to", cls=Option, type=click.Path(path_type=Path), required=True, metavar="FILE", help="option.to"
)
@common_options
def command(what: str, to: Path) -> None:
    """See help.export."""
    with open_workspace(workspace_folder()) as workspace:
        rows = workspace.export(what, to)
    if wants_json():
        print_json({"file": to, "rows": rows})
    else:
        out().print(say("export.wrote", rows=rows, file=str(to)), markup=False)
