"""Bring data in: files, their mapping onto facts, quality, staging."""

from carpel.sources.settings import (
    ColumnMapping,
    Form,
    Lookup,
    Source,
    TableMapping,
    read_sources,
)

__all__ = ["ColumnMapping", "Form", "Lookup", "Source", "TableMapping", "read_sources"]
