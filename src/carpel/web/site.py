"""The site: the pages, what they are drawn with, and the REST face beneath the same roof."""

from __future__ import annotations

from fastapi import FastAPI

from carpel.api import create_app
from carpel.web import assets, pages, preferences, problems
from carpel.workspace import Workspace


def create_site(workspace: Workspace) -> FastAPI:
    """The pages and the REST face of one workspace; whoever makes it closes the workspace."""
    app = create_app(workspace)
    app.state.assets = assets.Assets.load()
    app.state.sections = pages.SECTIONS
    problems.show_problems(app)
    for router in (assets.router, preferences.router, *pages.ROUTERS):
        app.include_router(router, include_in_schema=False)
    return app
