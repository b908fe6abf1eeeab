"""Errors as problem+json (RFC 9457): the status, the message key, and the sentence in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from carpel.api.asking import preferred
from carpel.api.mistakes import mistake, place_of
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Text, text
from carpel.runs.views.errors import NotThere

_STATUS: Final = {
    "workspace.no-such-customer": HTTPStatus.NOT_FOUND,
    "workspace.no-such-customers": HTTPStatus.NOT_FOUND,
    "workspace.no-membership": HTTPStatus.NOT_FOUND,
    "workspace.no-such-run": HTTPStatus.NOT_FOUND,
    "runs.unknown-model": HTTPStatus.NOT_FOUND,
    "runs.model-not-asked": HTTPStatus.NOT_FOUND,
    "runs.no-current": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""What is not there, or not yet. Whatever else can be mended by people is a conflict with how things stand."""
_OVERCOME: Final = ("engine.", "store.")
"""Stages whose errors say that the machine cannot do it now, whatever was asked."""


class Unprocessable(CarpelError):  # noqa: N818  it names a state of things
    """What was asked cannot be, whatever the state of things; the place says where."""

    def __init__(self, error: CarpelError) -> None:
        super().__init__(error.text.key, place=error.place, **error.text.params)


@contextmanager
def of_the_request() -> Iterator[None]:
    """Within it, errors are about what was asked, rather than about how things stand."""
    try:
        yield
    except CarpelError as error:
        raise (error if error.text.key.startswith(_OVERCOME) else Unprocessable(error)) from error


class Problem(BaseModel):
    """What went wrong and what to do.

    Attributes:
        title: The status in words, in English.
        status: The status.
        detail: What went wrong, in the reader's language.
        key: The same in every language.
        place: Where, if anywhere in particular.
        request_id: Under which the service's log names the request.
    """

    title: str
    status: int
    detail: str
    key: str
    place: str | None = None
    request_id: str | None = None


def status_of(error: CarpelError) -> HTTPStatus:
    """The status that says what an error means to whoever asked."""
    key = error.text.key
    if isinstance(error, Unprocessable):
        return HTTPStatus.UNPROCESSABLE_ENTITY
    if isinstance(error, NotThere):
        return HTTPStatus.NOT_FOUND
    if key.startswith(_OVERCOME):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return _STATUS.get(key, HTTPStatus.CONFLICT)


def tell_problems(app: FastAPI) -> None:
    """Answer every error with a problem."""
    app.add_exception_handler(CarpelError, _of_carpel)
    app.add_exception_handler(RequestValidationError, _of_request)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _unexpected)


def answers(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, for its description."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {int(each): {"model": Problem, "content": content, "description": each.phrase} for each in statuses}


def refused_host(request: Request, hosts: Sequence[str]) -> JSONResponse:
    """That a request names a host that is not this machine."""
    return _problem(request, HTTPStatus.BAD_REQUEST, text("api.another-host", hosts=", ".join(hosts)), "host")


def refused_site(request: Request) -> JSONResponse:
    """That a page of another site makes the request."""
    return _problem(request, HTTPStatus.FORBIDDEN, text("api.another-site"), None)


def too_large(request: Request) -> JSONResponse:
    """That a request brings too much."""
    return _problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text("api.too-large"), "body")


async def _of_carpel(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CarpelError)  # noqa: S101  registered for it alone
    return _problem(request, status_of(error), error.text, error.place)


async def _of_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  registered for it alone
    first = error.errors()[0]
    place = place_of(first["loc"])
    said = text("api.not-understood", place=place, problem=mistake(first))
    return _problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, said, place)


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for it alone
    status = HTTPStatus(error.status_code)
    match status:
        case HTTPStatus.BAD_REQUEST:
            # The framework's word for a body in which it finds no text at all.
            status, problem = HTTPStatus.UNPROCESSABLE_ENTITY, text("api.mistake.no-text")
            said = text("api.not-understood", place="body", problem=problem)
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            said = text("api.too-large")
        case HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            problem = text("api.mistake.other-type", wanted=str(error.detail))
            said = text("api.not-understood", place="header.content-type", problem=problem)
        case HTTPStatus.METHOD_NOT_ALLOWED:
            said = text("api.no-such-method", path=request.url.path, method=request.method)
        case _:
            said = text("api.nothing-here", path=request.url.path)
    answer = _problem(request, status, said, None)
    answer.headers.update(error.headers or {})
    return answer


async def _unexpected(request: Request, _error: Exception) -> JSONResponse:
    said = text("api.unexpected", request=request.state.request_id)
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, said, None)


def _problem(request: Request, status: HTTPStatus, said: Text, place: str | None) -> JSONResponse:
    language = preferred(request.headers.get("accept-language"))
    problem = Problem(
        title=status.phrase,
        status=status,
        detail=said.render(language),
        key=said.key,
        place=place,
        request_id=request.state.request_id,
    )
    return JSONResponse(problem.model_dump(), status_code=status, media_type="application/problem+json")
