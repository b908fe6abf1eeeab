"""Around every request: its id, one run all through it, a line in the log, a count, and a problem if all else fails."""

from __future__ import annotations

import re
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from carpel.api.logs import logger
from carpel.api.metrics import Metrics
from carpel.workspace import one_reading

HEADER: Final = "X-Request-ID"
UNMATCHED: Final = "unmatched"
"""The route of a request that no route answers."""
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_QUIET: Final = ("/health/", "/metrics")
"""What machines ask every few seconds."""
_GONE: Final = 499
"""Whoever asked did not wait for the answer."""
_FAILED: Final = 500
_LAG: Final = 0.1
"""Seconds after which at the latest a run that has become current is read."""

log: Final = logger()


class Observing:
    """Sees every request from the outside."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Seen(scope, send)
        with structlog.contextvars.bound_contextvars(request_id=request.id), one_reading(lag=_LAG):
            try:
                await self._app(scope, receive, request.send)
            except Exception as error:
                log.error("unexpected", route=request.route, exc_info=error)  # noqa: TRY400  the trace without words
                if request.status is not None:
                    raise
                await (await _problem(scope, error))(scope, receive, request.send)
            finally:
                self._tell(request)

    def _tell(self, request: _Seen) -> None:
        status, seconds = request.status or _GONE, perf_counter() - request.begun
        self._metrics.count(request.route, request.method, status, seconds)
        quiet = request.route.startswith(_QUIET) and status < _FAILED
        (log.debug if quiet else log.info)(
            "request", method=request.method, route=request.route, status=status, seconds=round(seconds, 4)
        )


class _Seen:
    """One request.

    Attributes:
        id: Under which the log and problems name it: as whoever asked called it, if that is well formed.
        begun: When it came.
        status: What it was answered with; None as long as it was not.
    """

    def __init__(self, scope: Scope, send: Send) -> None:
        wish = Headers(scope=scope).get(HEADER, "")
        self.id = wish if _WELL_FORMED.fullmatch(wish) else uuid4().hex
        self.begun = perf_counter()
        self.status: int | None = None
        self._scope = scope
        self._send = send
        scope.setdefault("state", {})["request_id"] = self.id

    @property
    def method(self) -> str:
        """How it asked; what nobody knows is `other`."""
        method = str(self._scope["method"])
        return method if method in _METHODS else "other"

    @property
    def route(self) -> str:
        """The template of the route that answers it."""
        route: Any = self._scope.get("route")
        return str(getattr(route, "path_format", None) or getattr(route, "path", UNMATCHED))

    async def send(self, message: Message) -> None:
        """Pass an answer on, with the id."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[HEADER] = self.id
        await self._send(message)


async def _problem(scope: Scope, error: Exception) -> Response:
    """As whoever answers for unexpected errors tells it."""
    answer: Response = await scope["app"].exception_handlers[Exception](Request(scope), error)
    return answer
