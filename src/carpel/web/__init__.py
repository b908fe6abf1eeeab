"""The web face: pages of the current run, drawn by the server. It translates and delegates."""

from carpel.web.site import create_site

__all__ = ["create_site"]
