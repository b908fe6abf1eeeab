"""`carpel scheme show [VERSION]`: the text of one version."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.commands.scheme.showing import record
from carpel.cli.output import print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="show", cls=Command, within="scheme")
@click.argument("number", type=click.IntRange(1), required=False, metavar="[VERSION]")
@click.option("--on", "moment", cls=Option, metavar="DATE", help="option.on")
@common_options
def command(number: int | None, moment: str | None) -> None:
    """See help.scheme.show."""
    if number and moment:
        raise click.UsageError(say("scheme.version-or-date"))
    with open_workspace(workspace_folder()) as workspace:
        version = workspace.schemes.on(moment) if moment else workspace.schemes.show(number)
    if wants_json():
        print_json({**record(version), "text": version.text})
    else:
        click.echo(version.text, nl=not version.text.endswith("\n"))
