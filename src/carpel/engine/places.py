"""Files as Spark is told of them: always of the file system, whatever else it is set up to read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_PATTERN: Final = re.compile(r"([\\*?\[\]{}])")


def place(path: Path) -> str:
    """Where to write."""
    return f"file://{path.resolve()}"


def place_to_read(path: Path) -> str:
    """Where to read: a name, though Spark would take brackets and stars in it for a pattern."""
    return _PATTERN.sub(r"\\\1", place(path))
