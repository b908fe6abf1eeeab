"""`carpel scheme …`: versions of a scheme and what helps to refine it; one file per command."""

from __future__ import annotations

import click

from carpel.cli.app import lang_option, workspace_option
from carpel.cli.click_translated import Group

COMMANDS: tuple[str, ...] = (
    "new", "adopt", "list", "show", "diff", "check-out", "submit", "approve", "roll-back",
    "suggest", "race", "preview", "moves", "membership",
)  # fmt: skip


@click.group(name="scheme", cls=Group, package="carpel.cli.commands.scheme", names=COMMANDS)
@workspace_option
@lang_option
def command() -> None:
    """See help.scheme."""
