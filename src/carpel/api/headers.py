"""What every answer carries, unless its route says otherwise."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carpel.api.asking import preferred

DEFAULTS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}


class DefaultHeaders:
    """Forbids an answer whatever JSON does not need. A route that needs more, as a page does, sets its own header."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers that the route left out."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in DEFAULTS.items():
                    headers.setdefault(name, value)
                if "json" in headers.get("content-type", ""):
                    headers.setdefault("Content-Language", preferred(Headers(scope=scope).get("accept-language")))
            await send(message)

        await self._app(scope, receive, with_headers)
