"""Which facts were imported last: what a CRM said before belongs to facts as much as what it says now."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

_LENGTH: Final = 24


class Imports:
    """Names facts by their content and by the import before them; what has a name is never written again.

    Sources that go back to what they were two imports ago are new facts: they have another history.
    """

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._latest = _read(memory)

    def name_of(self, content: str) -> str:
        """The name of the facts of this content: that of the latest import where nothing has changed since.

        Args:
            content: The fingerprint of sources, mapping, settings and code.
        """
        if not self._latest:
            return content
        if self._latest.get("content") == content:
            return self._latest["name"]
        return following(self._latest["name"], content)

    def remember(self, content: str, name: str) -> None:
        """These facts are now the latest."""
        latest = {"content": content, "name": name}
        if latest != self._latest:
            begun = self._memory.with_suffix(".part")
            begun.write_text(json.dumps(latest), encoding="utf-8")
            begun.replace(self._memory)


def following(name: str, content: str) -> str:
    """The name of facts of some content that come after those of a name."""
    return hashlib.sha256(f"{name} {content}".encode()).hexdigest()[:_LENGTH]


def _read(memory: Path) -> dict[str, str]:
    try:
        found = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and {"content", "name"} <= found.keys() else {}
