"""Parameters that a route does not take are refused: a misspelt one would be left out without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import Request

from carpel.api.problems import Unprocessable
from carpel.kernel.errors import CarpelError, nearest


async def known_parameters(request: Request) -> None:
    """Refuse the others.

    Raises:
        Unprocessable: The route takes no such parameter; the nearest is named.
    """
    if not request.url.query:
        return
    known = {*_named(request.scope["route"].dependant)}
    for name in request.query_params:
        if name not in known:
            hint = nearest(name, known)
            error = CarpelError("api.no-such-parameter", place=name, path=request.url.path, name=name, hint=hint)
            raise Unprocessable(error)


def _named(asked: Any) -> Iterator[str]:
    """What a function takes, and those that it depends on."""
    yield from (each.alias for each in asked.query_params)
    for other in asked.dependencies:
        yield from _named(other)
