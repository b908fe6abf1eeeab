"""How the store's tables came to be, step by step; Alembic runs the steps that a store lacks."""

from typing import Final

HEAD: Final = "0003"
"""The newest step."""
