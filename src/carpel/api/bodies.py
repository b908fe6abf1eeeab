"""How much a request may bring."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carpel.api.problems import too_large

LARGEST: Final = 1_000_000
"""Bytes."""


class LimitedBodies:
    """Refuses what is too large: at once where a request says so, else as soon as it is seen."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as long as the body keeps within the limit."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _promised(scope) > LARGEST:
            await too_large(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, _counting(receive), send)


def _promised(scope: Scope) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() else 0


def _counting(receive: Receive) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return counted
