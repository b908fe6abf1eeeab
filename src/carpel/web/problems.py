"""Errors as pages, in the reader's language; the REST face keeps its own form."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final, TypeAlias

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from carpel.api.mistakes import mistake, place_of
from carpel.api.problems import status_of
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import text
from carpel.web.page import page_of

Handler: TypeAlias = Callable[[Request, Exception], Awaitable[Response]]

_FOR_PROGRAMS: Final = ("/api/", "/health/", "/metrics")
_FIRST_VISIT: Final = "runs.no-current"


def show_problems(app: FastAPI) -> None:
    """Answer errors of pages with pages, and leave all other errors to whoever answered them before."""
    pages: dict[Any, Callable[[Request, Any], Response]] = {
        CarpelError: _of_carpel,
        RequestValidationError: _not_understood,
        HTTPException: _of_http,
        Exception: _unexpected,
    }
    for kind, shown in pages.items():
        app.add_exception_handler(kind, _either(shown, app.exception_handlers.get(kind)))


def _either(shown: Callable[[Request, Any], Response], before: Any) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        if not request.url.path.startswith(_FOR_PROGRAMS):
            return shown(request, error)
        if before is None:
            return PlainTextResponse("Internal Server Error", HTTPStatus.INTERNAL_SERVER_ERROR)
        told: Response = await before(request, error)
        return told

    return answer


def _of_carpel(request: Request, error: CarpelError) -> Response:
    status = status_of(error)
    if error.text.key == _FIRST_VISIT:
        folder = shlex.quote(str(request.app.state.workspace.settings.folder))
        return page_of(request).show("problems/first_visit.html", status=status, folder=folder)
    kind = "missing" if status is HTTPStatus.NOT_FOUND else "conflict"
    return _problem(request, status, kind, told=error.text, place=error.place)


def _not_understood(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    told = text("web.cannot-be-read", name=place_of(first["loc"][1:]), problem=mistake(first))
    return _problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "not-understood", told=told)


def _of_http(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    answer = _problem(request, status, "missing" if status is HTTPStatus.NOT_FOUND else "not-understood")
    answer.headers.update(error.headers or {})
    return answer


def _unexpected(request: Request, _error: Exception) -> Response:
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected")


def _problem(request: Request, status: HTTPStatus, kind: str, told: Any = None, place: str | None = None) -> Response:
    return page_of(request).show("problems/problem.html", status=status, kind=kind, told=told, place=place)
