"""`carpel serve`: the current run as JSON over HTTP, to this machine alone."""

from __future__ import annotations

import socket
from typing import Final

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, say
from carpel.cli.output import out, print_json, wants_json
from carpel.kernel.errors import CarpelError
from carpel.workspace import open as open_workspace

HOST: Final = "127.0.0.1"
PORT: Final = 8000
_LAST_PORT: Final = 65_535
_GRACE: Final = 10
"""Seconds that requests under way have to come to their end."""


@click.command(name="serve", cls=Command)
@click.option(
    "--port", cls=Option, type=click.IntRange(0, _LAST_PORT), default=PORT, show_default=True, help="option.port"
)
@common_options
def command(port: int) -> None:
    """See help.serve."""
    # Only this command needs a server; the others start without loading one.
    import uvicorn  # noqa: PLC0415

    from carpel.web import create_site  # noqa: PLC0415

    with open_workspace(workspace_folder()) as workspace, _listening(port) as listener:
        app = create_site(workspace)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_GRACE))
        _tell(workspace.name, listener.getsockname()[1])
        server.run(sockets=[listener])


def _listening(port: int) -> socket.socket:
    """A socket of the loopback address, so that a port that is taken is told before anything is promised."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise CarpelError("cli.serve.port-taken", port=str(port), problem=error.strerror or "") from error
    return listener


def _tell(workspace: str, port: int) -> None:
    address = f"http://{HOST}:{port}"
    if wants_json():
        print_json({"workspace": workspace, "address": address})
        return
    out().print(say("serve.at", workspace=workspace, address=address), style="bold", markup=False)
    out().print(say("serve.try", address=address), markup=False)
