"""`carpel serve`: the current run as pages and as JSON over HTTP, to this machine alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.output import out, print_json, wants_json
from carpel.kernel.errors import CarpelError
from carpel.workspace import Workspace
from carpel.workspace import open as open_workspace

LAST_PORT: Final = 65_535


@click.command(name="serve", cls=Command)
@click.option("--port", cls=Option, type=click.IntRange(0, LAST_PORT), help="option.port")
@common_options
def command(port: int | None) -> None:
    """See help.serve."""
    with open_workspace(workspace_folder()) as workspace:
        start(workspace, port, lambda address: _tell(workspace.name, address))


def start(workspace: Workspace, port: int | None, tell: Callable[[str], None], *, or_another: bool = False) -> None:
    """Serve a workspace until somebody stops it.

    Args:
        workspace: What is served.
        port: The port; None takes the workspace's own.
        tell: Is given the address as soon as it answers there.
        or_another: Whether a port that is taken gives way to any free one.
    """
    # Only here is a server needed; the other commands start without loading one.
    from carpel.api.logs import configure_logs  # noqa: PLC0415
    from carpel.api.serving import address_of, listening, serve, settle  # noqa: PLC0415
    from carpel.api.settings import service_settings  # noqa: PLC0415
    from carpel.web import create_site  # noqa: PLC0415

    settings = service_settings(workspace.settings.serve, os.environ)
    settings = settings if port is None else replace(settings, port=port)
    try:
        listener = listening(settings)
    except CarpelError:
        if not or_another:
            raise
        listener = listening(replace(settings, port=0))
    with listener:
        configure_logs(settings, sys.stderr)
        settle(workspace)
        tell(address_of(settings, listener))
        serve(create_site(workspace), settings, listener)


def _tell(workspace: str, address: str) -> None:
    if wants_json():
        print_json({"workspace": workspace, "address": address})
        return
    out().print(say("serve.at", workspace=workspace, address=address), style="bold", markup=False)
    out().print(say("serve.try", address=address), markup=False)
