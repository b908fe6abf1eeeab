"""Only whoever asks this machine for itself: a page elsewhere may make a browser here ask, by any name."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from carpel.api.problems import refused_host, refused_site
from carpel.api.settings import HOSTS


class LoopbackHosts:
    """Refuses requests that name another host or that a page elsewhere makes; a link from there may be followed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer those who ask this machine for itself."""
        if scope["type"] == "http" and _host(Request(scope)) not in HOSTS:
            await refused_host(Request(scope), HOSTS)(scope, receive, send)
        elif scope["type"] == "http" and _is_of_a_page_elsewhere(Request(scope)):
            await refused_site(Request(scope))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


_OPEN: Final = "["
_READING: Final = ("GET", "HEAD")


def _host(request: Request) -> str:
    """The host that a request names, without its port."""
    named = request.headers.get("host", "").lower()
    return named[1:].partition("]")[0] if named.startswith(_OPEN) else named.partition(":")[0]


def _is_of_a_page_elsewhere(request: Request) -> bool:
    """As browsers tell; whoever is no browser says nothing. A form there is sent as a link is followed, but changes."""
    site, mode = request.headers.get("sec-fetch-site"), request.headers.get("sec-fetch-mode")
    is_link = mode == "navigate" and request.method in _READING
    return site == "cross-site" and not is_link
