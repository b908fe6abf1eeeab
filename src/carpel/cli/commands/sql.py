"""`carpel sql`: the statements of a run, each with a sentence."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language
from carpel.cli.output import print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="sql", cls=Command)
@common_options
def command() -> None:
    """See help.sql."""
    with open_workspace(workspace_folder()) as workspace:
        steps = workspace.sql()
    if wants_json():
        print_json([{"sentence": sentence, "sql": statement} for sentence, statement in steps])
        return
    for sentence, statement in steps:
        click.echo(f"-- {sentence.render(reader_language())}\n{statement};\n")
