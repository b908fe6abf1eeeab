"""The description of every route, for machines."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request

router = APIRouter(include_in_schema=False)


@router.get("/api/v1/openapi.json")
async def openapi(request: Request) -> dict[str, Any]:
    """All of it, as OpenAPI."""
    app: FastAPI = request.app
    return app.openapi()
