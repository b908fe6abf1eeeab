"""What a request brings along: the workspace that it asks, and its reader's language."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request

from carpel.kernel.texts import DEFAULT_LANGUAGE, language_of
from carpel.workspace import Workspace


async def _workspace(request: Request) -> Workspace:
    workspace: Workspace = request.app.state.workspace
    return workspace


async def _language(accept_language: Annotated[str | None, Header()] = None) -> str:
    return preferred(accept_language)


def preferred(header: str | None) -> str:
    """The language of ours that an Accept-Language header wants most; of equals the first."""
    wishes = [each.strip().split(";") for each in (header or "").split(",")]
    weighed = [(_weight(wish[1:]), wish[0].strip()) for wish in wishes]
    ranked = sorted((wish for wish in weighed if wish[0] > 0), key=lambda wish: -wish[0])
    return next((language_of(tag) for _, tag in ranked if _is_ours(tag)), DEFAULT_LANGUAGE)


def _is_ours(tag: str) -> bool:
    return language_of(tag) != DEFAULT_LANGUAGE or tag.lower().partition("-")[0] == DEFAULT_LANGUAGE


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
