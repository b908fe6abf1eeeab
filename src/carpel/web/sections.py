"""The sections of the site: what the navigation names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the site.

    Attributes:
        key: `web.section.<key>` is its name.
        path: Its first page.
    """

    key: str
    path: str

    def holds(self, path: str) -> bool:
        """Whether a page belongs to it."""
        return path == self.path or (self.path != "/" and path.startswith(self.path + "/"))
