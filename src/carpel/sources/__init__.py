"""Bring data in: files, their mapping onto facts, quality, staging."""

from carpel.sources.settings import (
    ColumnMapping,
    Form,
    Lookup,
    Source,
    TableMapping,
    read_sources,
)
from carpel.sources.staging import Staged, snapshot_as_of, stage

__all__ = [
    "ColumnMapping",
    "Form",
    "Lookup",
    "Source",
    "Staged",
    "TableMapping",
    "read_sources",
    "snapshot_as_of",
    "stage",
]
