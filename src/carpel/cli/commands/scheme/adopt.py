"""`carpel scheme adopt MODEL --name NAME`: clusters that a model found, as rules to edit."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.output import out, print_json, wants_json
from carpel.workspace import open as open_workspace


@click.command(name="adopt", cls=Command, within="scheme")
@click.argument("model")
@click.option("--name", cls=Option, required=True, metavar="NAME", help="option.adopt-name")
@common_options
def command(model: str, name: str) -> None:
    """See help.scheme.adopt."""
    with open_workspace(workspace_folder()) as workspace:
        file, agreement = workspace.schemes.adopt(model, name)
    if wants_json():
        print_json({"file": file, "agreement": agreement})
        return
    out().print(say("scheme.new", file=file), markup=False)
    out().print(say("scheme.adopted", agreement=f"{agreement:.0%}"), markup=False)
    out().print(say("scheme.name-it", name=name), markup=False)
