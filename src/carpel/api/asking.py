"""What a request brings along: the workspace that it asks, and its reader's language."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from carpel.kernel.texts import language_of
from carpel.workspace import Workspace


async def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


async def _language(accept_language: Annotated[str | None, Header()] = None) -> str:
    return language_of(preferred(accept_language))


def preferred(header: str | None) -> str | None:
    """The tag that an Accept-Language header wants most; of equals the first."""
    wishes = [each.strip().split(";") for each in (header or "").split(",")]
    ranked = sorted(wishes, key=lambda wish: -_weight(wish[1:]))
    return ranked[0][0].strip() or None


def _weight(parameters: list[str]) -> float:
    for each in parameters:
        name, _, value = each.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


AskedWorkspace = Annotated[Workspace, Depends(_workspace)]
ReaderLanguage = Annotated[str, Depends(_language)]
