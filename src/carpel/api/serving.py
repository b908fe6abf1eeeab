"""A server that listens on this machine alone and stops gracefully."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType

import uvicorn
from fastapi import FastAPI

from carpel.api.logs import logger
from carpel.api.settings import ServiceSettings
from carpel.kernel.errors import CarpelError
from carpel.workspace import Workspace

_NUMBERS = {"localhost": "127.0.0.1"}
"""Names as addresses: what a name stands for is not asked of anybody."""
_TURN = 0.000_5
"""Seconds that a thread computes before another has its turn: a look-up of one millisecond must not wait five for each
thread that draws a page."""


def listening(settings: ServiceSettings) -> socket.socket:
    """A socket that listens, so that a port that is taken is told before anything is promised.

    Raises:
        CarpelError: The port cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_NUMBERS.get(settings.host, settings.host), settings.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise CarpelError("cli.serve.port-taken", port=str(settings.port), problem=error.strerror or "") from error
    return listener


def address_of(settings: ServiceSettings, listener: socket.socket) -> str:
    """Where a browser finds it."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}"


def serve(app: FastAPI, settings: ServiceSettings, listener: socket.socket) -> None:
    """Answer until Ctrl+C or SIGTERM; requests under way then have the grace to come to their end."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
    sys.setswitchinterval(_TURN)
    log = logger()
    log.info("listening", address=address_of(settings, listener))
    _Server(config).run(sockets=[listener])
    log.info("stopped")


def settle(workspace: Workspace) -> None:
    """Before anything is promised, read what every page needs.

    It is then left out of the search for garbage, which would hold everybody up.
    """
    with suppress(CarpelError):
        workspace.overview()
        for row in workspace.customers_page(limit=1).rows:
            workspace.customer(row.id).why()
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    """Ends in order when it is told to terminate, rather than by the signal: what is open is closed."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop taking requests; a second Ctrl+C waits for none."""
        if sig == signal.SIGTERM:
            self.should_exit = True
        else:
            super().handle_exit(sig, frame)
