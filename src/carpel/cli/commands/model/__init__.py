"""`carpel model …`: what is learned from the past, and how good it is; one file per command."""

from __future__ import annotations

import click

from carpel.cli.app import lang_option, workspace_option
from carpel.cli.click_translated import Group

COMMANDS: tuple[str, ...] = ("list", "card", "compare", "fit", "like")


@click.group(name="model", cls=Group, package="carpel.cli.commands.model", names=COMMANDS)
@workspace_option
@lang_option
def command() -> None:
    """See help.model."""
