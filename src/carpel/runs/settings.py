"""carpel.yaml: what a workspace is called, what it reads and how it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from carpel.crm import TABLES
from carpel.kernel.dates import zone
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.money import Currency
from carpel.kernel.yaml import Node, read_yaml, read_yaml_file
from carpel.models import MODELS
from carpel.profiles import CustomAttribute, read_attributes
from carpel.sources import Source, read_sources

FILE: Final = "carpel.yaml"
KEYS: Final = (
    "workspace",
    "currency",
    "time_zone",
    "engine",
    "memory",
    "threads",
    "store",
    "runs",
    "keep_runs",
    "revenue",
    "scheme",
    "profile",
    "attributes",
    "models",
    "serve",
    "sources",
)
REVENUE: Final = ("orders", "invoices", "payments", "contracts")
"""Tables that can be the company's revenue."""

_NAME_LENGTH: Final = 100
_MEMORY: Final = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B)", re.IGNORECASE)


_EVERY: Final = "all"
"""In place of a list of models: every one that there is."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A workspace's carpel.yaml.

    Attributes:
        folder: The workspace.
        workspace: Its name.
        currency: The reporting currency's code.
        time_zone: Where days are cut.
        sources: What is read, and how it maps onto facts.
        engine: Where expressions run.
        memory: The most that the engine may use; None leaves the engine's own limit.
        threads: How many at once; None means all.
        store: `sqlite`, or a database's address.
        runs: The folder of runs.
        keep_runs: How many past runs are kept beside the current one.
        revenue: The table that is the company's revenue.
        scheme: The scheme's name; None where the folder `schemes` holds only one.
        profile: The built-in attributes to compute; None means all.
        attributes: The workspace's own attributes.
        models: The models that runs learn and ask, by key.
        attributes_text: How carpel.yaml defines them, as YAML; kept with each run.
        serve: How the service is told to work, for the service to read.
    """

    folder: Path
    workspace: str
    currency: str
    time_zone: str
    sources: tuple[Source, ...]
    engine: str = "duckdb"
    memory: str | None = None
    threads: int | None = None
    store: str = field(default="sqlite", repr=False)
    runs: Path = Path(".carpel/runs")
    keep_runs: int = 20
    revenue: str = "orders"
    scheme: str | None = None
    profile: tuple[str, ...] | None = None
    attributes: tuple[CustomAttribute, ...] = ()
    models: tuple[str, ...] = ()
    attributes_text: str = ""
    serve: Node = field(default_factory=lambda: Node(None, FILE))

    @property
    def runs_folder(self) -> Path:
        """Where runs lie."""
        return self.folder / self.runs

    @property
    def written_folders(self) -> tuple[Path, ...]:
        """Where facts and runs are written; each worker of an engine must reach them."""
        own, runs = self.folder / ".carpel", self.runs_folder
        return (own,) if runs.resolve().is_relative_to(own.resolve()) else (own, runs)

    @property
    def digits(self) -> int:
        """Decimal places of the reporting currency's minor unit."""
        return Currency(self.currency).digits


def read_settings(folder: Path) -> Settings:
    """Read a workspace's carpel.yaml.

    Raises:
        CarpelError: A setting is unknown, misspelt, missing or cannot be; says where and what is near.
    """
    return settings_from(read_yaml_file(folder / FILE), folder)


def settings_from(node: Node, folder: Path) -> Settings:
    """Read the content of a carpel.yaml."""
    entries = node.mapping()
    for key, each in entries.items():
        if key not in KEYS:
            raise CarpelError("runs.unknown-setting", place=each.place, key=key, hint=nearest(key, KEYS))
    read = _Entries(entries, node.place)
    return Settings(
        folder=folder,
        workspace=read.name("workspace", folder.resolve().name),
        currency=read.currency(),
        time_zone=read.time_zone(),
        sources=read_sources(read.needed("sources", "{shop: {files: data/*.csv, tables: {…}}}"), folder),
        engine=read.text("engine", "duckdb"),
        memory=read.memory(),
        threads=read.whole("threads", None, least=1),
        store=read.text("store", "sqlite"),
        runs=Path(read.text("runs", ".carpel/runs")),
        keep_runs=read.whole("keep_runs", 20, least=1) or 20,
        revenue=read.revenue(),
        scheme=read.text("scheme", "") or None,
        profile=read.profile(),
        attributes=read_attributes(read.node("attributes")),
        models=read.models(),
        attributes_text=_written(entries.get("attributes")),
        serve=read.node("serve"),
    )


def attributes_from(text: str, place: str) -> tuple[CustomAttribute, ...]:
    """The workspace's own attributes as a run kept them."""
    return read_attributes(read_yaml(text, place))


@dataclass(frozen=True)
class _Entries:
    """The entries of carpel.yaml with what each may be."""

    nodes: Mapping[str, Node]
    place: str

    def node(self, key: str) -> Node:
        return self.nodes.get(key, Node(None, self.place))

    def needed(self, key: str, example: str) -> Node:
        if key not in self.nodes:
            raise CarpelError("runs.missing-setting", place=self.place, key=key, example=example)
        return self.nodes[key]

    def text(self, key: str, default: str) -> str:
        node = self.nodes.get(key)
        return default if node is None or node.value is None else node.text()

    def name(self, key: str, default: str) -> str:
        name = self.text(key, default)
        if not name or len(name) > _NAME_LENGTH or not name.isprintable():
            raise CarpelError("runs.workspace-name", place=self.node(key).place, limit=_NAME_LENGTH)
        return name

    def currency(self) -> str:
        node = self.needed("currency", "USD")
        try:
            return Currency(node.text()).code
        except CarpelError as error:
            raise _at(node, error) from error

    def time_zone(self) -> str:
        node = self.nodes.get("time_zone")
        if node is None:
            return "UTC"
        try:
            return zone(node.text()).key
        except CarpelError as error:
            raise _at(node, error) from error

    def memory(self) -> str | None:
        value = self.text("memory", "")
        if value and not _MEMORY.fullmatch(value):
            raise CarpelError("runs.not-a-memory-size", place=self.node("memory").place, value=value)
        return value or None

    def whole(self, key: str, default: int | None, *, least: int) -> int | None:
        node = self.nodes.get(key)
        if node is None or node.value is None:
            return default
        value: Any = node.value
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise CarpelError("runs.not-a-whole-number", place=node.place, key=key, least=least)
        return value

    def revenue(self) -> str:
        value = self.text("revenue", "orders")
        if value not in REVENUE or value not in TABLES:
            place, choices = self.node("revenue").place, ", ".join(REVENUE)
            hint = nearest(value, REVENUE)
            raise CarpelError("runs.unknown-revenue", place=place, value=value, choices=choices, hint=hint)
        return value

    def profile(self) -> tuple[str, ...] | None:
        node = self.nodes.get("profile")
        return None if node is None or node.value is None else tuple(each.text() for each in node.items())

    def models(self) -> tuple[str, ...]:
        node = self.nodes.get("models")
        if node is None or node.value is None:
            return ()
        if node.value == _EVERY:
            return tuple(MODELS)
        asked = [(each, each.text()) for each in node.items()]
        for each, key in asked:
            if key not in MODELS:
                hint, choices = nearest(key, MODELS), ", ".join(MODELS)
                raise CarpelError("runs.unknown-model", place=each.place, model=key, choices=choices, hint=hint)
        return tuple(dict.fromkeys(key for _, key in asked))


def _at(node: Node, error: CarpelError) -> CarpelError:
    return CarpelError(error.text.key, place=node.place, **error.text.params)


def _written(node: Node | None) -> str:
    return "" if node is None else yaml.safe_dump(node.plain(), allow_unicode=True, sort_keys=False)
