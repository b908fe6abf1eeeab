"""What people decide and record, and which run is current: SQLite by default, PostgreSQL in production."""

from carpel.store.errors import StoreError
from carpel.store.runs import open_store

__all__ = ["StoreError", "open_store"]
