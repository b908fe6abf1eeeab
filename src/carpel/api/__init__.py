"""The REST face: what the workspace knows, as JSON over HTTP. It translates and delegates."""

from carpel.api.app import create_app

__all__ = ["create_app"]
