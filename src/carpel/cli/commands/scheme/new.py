"""`carpel scheme new NAME --template KIND`: a scheme to begin with."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.output import out, print_json, wants_json
from carpel.schemes import KINDS
from carpel.workspace import open as open_workspace


@click.command(name="new", cls=Command, within="scheme")
@click.argument("name")
@click.option(
    "--template", "kind", cls=Option, type=click.Choice(KINDS), required=True, metavar="KIND", help="option.template"
)
@common_options
def command(name: str, kind: str) -> None:
    """See help.scheme.new."""
    with open_workspace(workspace_folder()) as workspace:
        file = workspace.schemes.new(name, template=kind)
        others = len(list(file.parent.glob("*.y*ml"))) > 1
    if wants_json():
        print_json({"file": file})
        return
    out().print(say("scheme.new", file=file), markup=False)
    if others:
        out().print(say("scheme.name-it", name=name), markup=False)
