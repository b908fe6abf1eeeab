"""DuckDB alone over the files of three runs: everything that pages show, asked once more by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from carpel.workspace import Workspace

DAYS = ("2025-03-31", "2025-05-01", "2025-06-30")
KNOWN_UNTIL = "TIMESTAMP '2025-06-29 16:00'"
"""The last of the days begins in Manila, as the facts' UTC has it."""


@dataclass(frozen=True)
class ByHand:
    """One connection; `now`, `before` and `first` are the runs' customers with segment and profile.

    Attributes:
        connection: To no database; its views lie over Parquet files.
        tree: Of each segment the leaves, read from the scheme's file.
        parents: The segments that have parts.
    """

    connection: duckdb.DuckDBPyConnection
    tree: Mapping[str, Sequence[str]]
    parents: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, company: Workspace) -> ByHand:
        """Over the files of a company whose runs know up to `DAYS`."""
        connection = duckdb.connect()
        facts = next((company.settings.folder / ".carpel").rglob("facts.json")).parent
        for table in ("customers", "contacts", "products", "orders", "order_lines", "interactions", "feedback"):
            connection.execute(f"CREATE VIEW {table} AS FROM read_parquet('{facts}/{table}/[0-9a]*.parquet')")
        nobody = f"read_parquet('{facts}/orders/without_customer.parquet')"
        connection.execute(f"CREATE VIEW orders_of_nobody AS FROM {nobody}")
        for name, folder in zip(("first", "before", "now"), _runs(company), strict=True):
            assignments, profiles = (f"read_parquet('{folder}/{each}/*.parquet')" for each in KINDS)
            both = f"SELECT a.segment, p.* FROM {assignments} a JOIN {profiles} p USING (customer_no)"
            connection.execute(f"CREATE VIEW {name} AS {both}")
        written = yaml.safe_load((company.settings.folder / "schemes" / "customers.yaml").read_text(encoding="utf-8"))
        tree, parents = dict[str, list[str]](), dict[str, list[str]]()
        for segment in written["segments"]:
            _walk(segment, tree, parents)
        return cls(connection, tree, parents)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        return self.connection.execute(query).fetchall()

    def inside(self, segment: str | None) -> str:
        """The leaves of a segment as SQL; None is everyone in the base."""
        if segment is None:
            return "segment IS NOT NULL"
        return f"segment IN ({', '.join(repr(leaf) for leaf in self.tree[segment])})"

    def by_segment(self, query: str) -> dict[str | None, dict[Any, int]]:
        """Rows of leaf, key and count, added up for every segment; None is everyone in the base."""
        found: dict[str | None, dict[Any, int]] = defaultdict(lambda: defaultdict(int))
        above = {leaf: [key for key, leaves in self.tree.items() if leaf in leaves] for leaf in _leaves(self.tree)}
        for leaf, key, count in self.ask(query):
            if leaf is not None:
                for segment in (None, *above[leaf]):
                    found[segment][key] += count
        return found


KINDS = ("assignments", "profiles")


def _runs(company: Workspace) -> list[Path]:
    return sorted(path.parent for path in company.settings.runs_folder.glob("*/manifest.json"))


def _walk(segment: Mapping[str, Any], tree: dict[str, list[str]], parents: dict[str, list[str]]) -> list[str]:
    parts = segment.get("segments", ())
    tree[segment["key"]] = leaves = []
    leaves += [leaf for part in parts for leaf in _walk(part, tree, parents)] if parts else [segment["key"]]
    if parts:
        parents[segment["key"]] = [part["key"] for part in parts]
    return leaves


def _leaves(tree: Mapping[str, Sequence[str]]) -> set[str]:
    return {leaf for leaves in tree.values() for leaf in leaves}
