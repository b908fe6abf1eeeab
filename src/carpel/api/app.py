"""The application: routes, problems, and what every answer carries."""

from __future__ import annotations

from typing import Final

from fastapi import Depends, FastAPI

from carpel import __version__
from carpel.api import (
    attributes,
    customers,
    described,
    health,
    listing,
    metrics,
    models,
    moves,
    outlooks,
    plans,
    previews,
    runs,
    segments,
)
from carpel.api.bodies import LimitedBodies
from carpel.api.headers import DefaultHeaders
from carpel.api.heads import Heads
from carpel.api.hosts import LoopbackHosts
from carpel.api.observing import Observing
from carpel.api.parameters import known_parameters
from carpel.api.problems import tell_problems
from carpel.workspace import Workspace

ROUTERS: Final = (
    described.router,
    health.router,
    metrics.router,
    segments.router,
    moves.router,
    outlooks.router,
    customers.router,
    listing.router,
    attributes.router,
    models.router,
    plans.router,
    previews.router,
    runs.router,
)
"""Each with its whole path: a route's own template names it in logs and metrics."""


def create_app(workspace: Workspace) -> FastAPI:
    """The application of one workspace; whoever makes it closes the workspace.

    The page that FastAPI has for trying an API loads its parts from another server, so there is none.
    """
    app = FastAPI(
        title="Carpel",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.workspace = workspace
    app.state.metrics = metrics.Metrics(workspace)
    # The last is the outermost.
    app.add_middleware(Heads)
    app.add_middleware(LimitedBodies)
    app.add_middleware(LoopbackHosts)
    app.add_middleware(Observing, metrics=app.state.metrics)
    app.add_middleware(DefaultHeaders)
    tell_problems(app)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(known_parameters)])
    return app
