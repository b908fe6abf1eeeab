"""A proposal's text read back, as the product reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from carpel.kernel.yaml import read_yaml
from carpel.sources.proposal import Proposal, propose
from carpel.sources.reading_settings import read_sources
from carpel.sources.settings import ColumnMapping, Source


def sources_of(proposal: Proposal) -> dict[str, Source]:
    root = read_yaml(proposal.settings, "carpel.yaml").mapping()
    return {source.name: source for source in read_sources(root["sources"], Path())}


def mapped(source: Source) -> dict[str, dict[str, str]]:
    """For each table, each column with what it takes, in short."""
    return {
        table: {name: _short(column) for name, column in mapping.columns.items()}
        for table, mapping in source.tables.items()
    }


def proposed(*paths: Path, **given: Any) -> Proposal:
    return propose(paths, workspace="acme", folder=Path("acme"), **given)


def only_source(*paths: Path) -> dict[str, dict[str, str]]:
    (source,) = sources_of(proposed(*paths)).values()
    return mapped(source)


def _short(column: ColumnMapping) -> str:
    if not column.columns:
        return f"= {column.value}"
    parts = [column.join.join(column.columns) if len(column.columns) > 1 else column.columns[0]]
    if column.form:
        parts.append(f"as {column.form}")
    if column.lookup:
        parts.append(f"in {column.lookup.source}.{column.lookup.key} gives {column.lookup.column}")
    return " ".join(parts)
