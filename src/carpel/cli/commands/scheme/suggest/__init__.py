"""`carpel scheme suggest …`: what to divide and what to join, judged by later money."""

from __future__ import annotations

import click

from carpel.cli.app import lang_option, workspace_option
from carpel.cli.click_translated import Group

COMMANDS: tuple[str, ...] = ("split", "merge")


@click.group(name="suggest", cls=Group, package="carpel.cli.commands.scheme.suggest", names=COMMANDS, within="scheme")
@workspace_option
@lang_option
def command() -> None:
    """See help.scheme.suggest."""
