"""`carpel model fit MODEL`, or `--outcome ATTRIBUTE`: learn a model without a run, and see how good it would be."""

from __future__ import annotations

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option
from carpel.cli.commands.model.showing import show
from carpel.cli.output import print_json, wants_json
from carpel.kernel.errors import CarpelError
from carpel.workspace import open as open_workspace


@click.command(name="fit", cls=Command, within="model")
@click.argument("model", required=False)
@click.option("--outcome", cls=Option, metavar="ATTRIBUTE", help="option.outcome")
@click.option("--as-of", cls=Option, metavar="DATE", help="option.as-of")
@common_options
def command(model: str | None, outcome: str | None, as_of: str | None) -> None:
    """See help.model.fit."""
    if (model is None) is (outcome is None):
        raise CarpelError("cli.model-or-outcome")
    with open_workspace(workspace_folder()) as workspace:
        models = workspace.models
        card = models.fit(model, as_of=as_of) if model else models.fit_outcome(str(outcome), as_of=as_of)
    if wants_json():
        print_json(card.recorded())
        return
    show(card)
