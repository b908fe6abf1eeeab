"""Versions of the workspace's scheme, as Python works with them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from carpel.governance import Difference, SchemeVersion
from carpel.kernel.issues import Issue
from carpel.kernel.progress import Progress
from carpel.runs import (
    adopted,
    approve,
    check_out,
    compare,
    file_differs,
    find_version,
    new_scheme,
    published_version,
    roll_back,
    submit,
    version_on,
    versions,
)
from carpel.runs.refining.racing import RaceReport
from carpel.schemes.previewing import Counts
from carpel.workspace.previewing import Previews
from carpel.workspace.refining import (
    MergeSuggestions,
    ReadyChange,
    SplitSuggestions,
    apply,
    race,
    suggest_merge,
    suggest_split,
)

if TYPE_CHECKING:
    from carpel.workspace.workspace import Workspace


@dataclass(frozen=True)
class Schemes:
    """What was proposed, approved and published of the workspace's scheme."""

    workspace: Workspace

    def published(self) -> SchemeVersion | None:
        """What runs use; None before the first."""
        return published_version(self.workspace.settings, self.workspace.store)

    def list(self) -> tuple[SchemeVersion, ...]:
        """Every version, newest first."""
        return versions(self.workspace.settings, self.workspace.store)

    def show(self, number: int | None = None) -> SchemeVersion:
        """One version; None is the published one."""
        return find_version(self.workspace.settings, self.workspace.store, number)

    def on(self, moment: str) -> SchemeVersion:
        """What was published when a day such as `2025-07-01` ended, or at a moment."""
        return version_on(self.workspace.settings, self.workspace.store, moment)

    def differs(self) -> tuple[Issue, ...]:
        """That the file is not what runs use, where it is so."""
        return file_differs(self.workspace.settings, self.workspace.store)

    def diff(self, before: int | None = None, after: int | None = None) -> Difference:
        """What lies between two versions; `before` None is the published one, `after` None is the file."""
        return compare(self.workspace.settings, self.workspace.store, before, after)

    def check_out(self, number: int | None = None, *, discard: bool = False) -> SchemeVersion:
        """Write a version into its file, to be worked on; None is the published one."""
        return check_out(self.workspace.settings, self.workspace.store, number, discard=discard)

    def submit(self, *, comment: str = "", by: str | None = None, base: int | None = None) -> SchemeVersion:
        """Keep the file as a version that waits for approval."""
        own = self.workspace
        return submit(own.settings, own.engine, own.store, comment=comment, by=by, base=base)

    def approve(self, number: int, *, by: str | None = None) -> SchemeVersion:
        """As the sponsor, agree to a submitted version."""
        return approve(self.workspace.settings, self.workspace.store, number, by=by)

    def roll_back(self, number: int, *, comment: str = "", by: str | None = None) -> SchemeVersion:
        """Publish the text of an earlier version again, as a new version."""
        own = self.workspace
        return roll_back(own.settings, own.engine, own.store, number, comment=comment, by=by)

    def new(self, name: str, *, template: str) -> Path:
        """Write a scheme to begin with into `schemes/`; gives the file."""
        return new_scheme(self.workspace.settings, self.workspace.engine, self.workspace.store, name, template=template)

    def adopt(self, model: str, name: str) -> tuple[Path, float]:
        """Write the clusters that a model of the current run found as a scheme into `schemes/`.

        Gives the file, and the part of customers whom its rules place where the model does.

        Raises:
            CarpelError: Nothing is current, the run did not ask the model, it found no clusters, or there is a scheme
                of that name.
        """
        return adopted(self.workspace.current, self.workspace.settings, model, name)

    def preview(self, text: str | Path | None = None) -> Counts:
        """Customers and money of every segment as a text would divide the current profiles, at once.

        Args:
            text: A scheme's YAML, or its file; None is the workspace's own file.
        """
        return self._previews.count(text)

    @cached_property
    def _previews(self) -> Previews:
        return Previews(self.workspace)

    def suggest_split(
        self,
        segment: str,
        *,
        days: int | None = None,
        cost: Decimal | float | None = None,
        progress: Progress | None = None,
    ) -> SplitSuggestions:
        """How to divide one segment, judged by later money; `cost` is that of one more segment in such a time."""
        return suggest_split(self.workspace, segment, days=days, cost=cost, progress=progress)

    def suggest_merge(
        self, *, days: int | None = None, cost: Decimal | float | None = None, progress: Progress | None = None
    ) -> MergeSuggestions:
        """Which siblings behave so much alike that they could be one."""
        return suggest_merge(self.workspace, days=days, cost=cost, progress=progress)

    def race(
        self, one: str | Path, other: str | Path, *, days: int | None = None, progress: Progress | None = None
    ) -> RaceReport:
        """Which of two schemes says more of later money: files, names, version numbers, `published`."""
        return race(self.workspace, one, other, days=days, progress=progress)

    def apply(self, change: ReadyChange) -> Path:
        """Write a suggested change into the scheme's file; gives the file."""
        return apply(self.workspace, change)
