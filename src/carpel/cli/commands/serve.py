"""`carpel serve`: the current run as pages and as JSON over HTTP, to this machine alone."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.output import out, print_json, wants_json
from carpel.workspace import open as open_workspace

_LAST_PORT = 65_535


@click.command(name="serve", cls=Command)
@click.option("--port", cls=Option, type=click.IntRange(0, _LAST_PORT), help="option.port")
@common_options
def command(port: int | None) -> None:
    """See help.serve."""
    # Only this command needs a server; the others start without loading one.
    from carpel.api.logs import configure_logs  # noqa: PLC0415
    from carpel.api.serving import address_of, listening, serve  # noqa: PLC0415
    from carpel.api.settings import service_settings  # noqa: PLC0415
    from carpel.web import create_site  # noqa: PLC0415

    with open_workspace(workspace_folder()) as workspace:
        settings = service_settings(workspace.settings.serve, os.environ)
        settings = settings if port is None else replace(settings, port=port)
        with listening(settings) as listener:
            configure_logs(settings, sys.stderr)
            _tell(workspace.name, address_of(settings, listener))
            serve(create_site(workspace), settings, listener)


def _tell(workspace: str, address: str) -> None:
    if wants_json():
        print_json({"workspace": workspace, "address": address})
        return
    out().print(say("serve.at", workspace=workspace, address=address), style="bold", markup=False)
    out().print(say("serve.try", address=address), markup=False)
