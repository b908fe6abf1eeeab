"""The application: routes, problems, and what every answer carries."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

from carpel import __version__
from carpel.api import customers, health, runs, segments
from carpel.api.headers import DefaultHeaders
from carpel.api.problems import tell_problems
from carpel.workspace import Workspace

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
"""Names under which a browser on this machine reaches it. Another name may be a page elsewhere that points here."""


def create_app(workspace: Workspace) -> FastAPI:
    """The application of one workspace; whoever makes it closes the workspace.

    The page that FastAPI has for trying an API loads its parts from another server, so there is none.
    """
    app = FastAPI(
        title="Carpel",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.workspace = workspace
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))
    app.add_middleware(DefaultHeaders)
    tell_problems(app)
    app.include_router(health.router)
    for stage in (segments, customers, runs):
        app.include_router(stage.router, prefix="/api/v1")
    return app
