"""A finished run as a value: its rows, its scheme, and one customer at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.kernel.money import Currency
from carpel.models import Card, Learned
from carpel.profiles import Catalogue, Parameters, Profiles
from carpel.runs.folders import ASSIGNMENTS, INDEX, PROFILES
from carpel.runs.index import Index
from carpel.runs.making import Assignments, Basis
from carpel.runs.manifest import Manifest, read_manifest
from carpel.runs.modelling import attributes_of, read_cards, read_models
from carpel.runs.records import RunStore
from carpel.runs.settings import Settings, attributes_from
from carpel.schemes import Cuts, Scheme, read_scheme


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run, from its folder. It never changes.

    Attributes:
        folder: Where its tables lie.
        workspace: The workspace's folder.
        manifest: Everything about it but its rows.
    """

    folder: Path
    workspace: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Its id."""
        return self.manifest.run

    @property
    def as_of(self) -> AsOf:
        """The moment that it knows up to."""
        return self.manifest.as_of

    @property
    def is_sound(self) -> bool:
        """Whether every check passed; if so it became current."""
        return self.manifest.is_sound

    @property
    def failures(self) -> tuple[Issue, ...]:
        """What kept it from becoming current."""
        return self.manifest.failures

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All that was found on the way, and by the checks."""
        return (*self.manifest.issues, *(issue for found in self.manifest.checks.values() for issue in found))

    @property
    def currency(self) -> Currency:
        """The reporting currency."""
        return Currency(self.manifest.currency)

    @cached_property
    def scheme(self) -> Scheme:
        """The scheme that it used, as it was then."""
        return read_scheme(self.manifest.scheme, self.manifest.scheme_name)

    @cached_property
    def cuts(self) -> Cuts:
        """What the scheme knew across customers."""
        return Cuts.from_json(self.manifest.cuts)

    @cached_property
    def facts(self) -> Facts:
        """The facts that it read.

        Raises:
            CarpelError: They are no longer kept.
        """
        folder = self.workspace / self.manifest.facts_folder
        if not (folder / "facts.json").is_file():
            raise CarpelError("runs.facts-gone", place=str(folder), run=self.id)
        return Facts.load(folder)

    @property
    def catalogue(self) -> Catalogue:
        """The attributes that its profiles hold."""
        return self.manifest.catalogue

    @cached_property
    def basis(self) -> Basis:
        """What its profiles followed from.

        Raises:
            CarpelError: The facts are no longer kept.
        """
        custom = attributes_from(self.manifest.attributes, f"{self.folder}/manifest.json")
        return Basis(
            facts=self.facts,
            catalogue=attributes_of(self.facts, custom, self.manifest.models, self.manifest.profile),
            offered=attributes_of(self.facts, custom, self.manifest.models),
            as_of=self.as_of,
            parameters=Parameters.from_json(self.manifest.parameters),
            models=self.models,
        )

    @cached_property
    def models(self) -> Mapping[str, Learned]:
        """What it learned.

        Raises:
            CarpelError: A file of it is gone, or was changed.
        """
        return read_models(self.folder, self.manifest.models)

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """What is told of each model; raises what `models` raises."""
        return read_cards(self.folder, self.manifest.models)

    @cached_property
    def profiles(self) -> Profiles:
        """One row per customer."""
        return Profiles(
            files=self._files(PROFILES),
            catalogue=self.catalogue,
            as_of=self.as_of,
            rows=self.manifest.rows["profiles"],
            digits=self.currency.digits,
        )

    @cached_property
    def assignments(self) -> Assignments:
        """One segment per customer."""
        rows = self.manifest.rows["assignments"]
        return Assignments(files=self._files(ASSIGNMENTS), columns=dict(self.manifest.columns), rows=rows)

    @cached_property
    def index(self) -> Index:
        """Answers for one customer at a time."""
        return Index(self.folder / INDEX)

    def _files(self, table: str) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in sorted(self.manifest.files) if name.startswith(f"{table}/"))


def open_run(settings: Settings, run: str) -> Run:
    """The run of that id.

    Raises:
        CarpelError: It is not kept here, or its manifest cannot be read.
    """
    folder = settings.runs_folder / run
    return Run(folder=folder, workspace=settings.folder, manifest=read_manifest(folder))


def current_run(settings: Settings, store: RunStore) -> Run:
    """The run that every reader sees.

    Raises:
        CarpelError: Nothing is current yet.
    """
    record = store.current()
    if record is None:
        raise CarpelError("runs.no-current", place=settings.workspace)
    return open_run(settings, record.id)
