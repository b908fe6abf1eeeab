"""Who acts: the name that versions carry."""

from __future__ import annotations

import os
from getpass import getuser
from typing import Final

VARIABLE: Final = "CARPEL_USER"
"""The environment variable that names whoever works here."""
_NAMELESS: Final = "unknown"


def acting_user(name: str | None = None) -> str:
    """The name given; else that in CARPEL_USER; else whom the system takes us for."""
    return name or os.environ.get(VARIABLE) or _system_user()


def _system_user() -> str:
    try:
        return getuser()
    except (KeyError, OSError):
        # A container may run as a number that has no name.
        return _NAMELESS
