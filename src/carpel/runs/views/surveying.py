"""What the current run stands on: sources, tables, quality, quarantine, and runs with their checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from carpel.crm import Facts, FactTable
from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text, text
from carpel.runs.checks import CHECKS
from carpel.runs.folders import MANIFEST
from carpel.runs.manifest import Manifest, read_manifest
from carpel.runs.opening import Run
from carpel.runs.records import RunRecord, RunStore
from carpel.runs.settings import Settings
from carpel.runs.views.attention import shortened
from carpel.runs.views.data import CheckView, DataView, Quarantine, RunView, SetAside, SourceView, TableView
from carpel.runs.views.figures import Figures
from carpel.runs.views.segments import SegmentTable
from carpel.sources import Source
from carpel.sources.reading.places import expand

RUNS: Final = 30
"""Runs that are shown."""
EXAMPLES: Final = 5
"""Rows of quarantine that are shown for each reason."""
REASONS: Final = frozenset(
    {"no-key", "no-time", "no-amount", "no-rate", "no-order", "impossible-score", "duplicate", "superseded"}
)
"""Why rows are set aside, as far as there are words for it."""

_OF_DATA: Final = frozenset({"sources", "reading"})
_SEVERITIES: Final = tuple(Severity)


@dataclass(frozen=True, kw_only=True)
class Survey:
    """Looks at a workspace's data.

    Attributes:
        settings: The workspace.
        store: Knows the runs.
        run: The current run; None before the first.
        figures: Its figures.
    """

    settings: Settings
    store: RunStore
    run: Run | None
    figures: Figures | None

    def all(self) -> DataView:
        """Everything that the page of data shows."""
        facts, run = self._facts, self.run
        return DataView(
            run=run.id if run else None,
            as_of=run.as_of.day if run else None,
            currency=Currency(self.settings.currency),
            read_at=facts.seen_at.replace(tzinfo=UTC) if facts and facts.seen_at else None,
            first_event=facts.first_event if facts else None,
            last_event=AsOf.at(_zoned(facts.last_event), facts.time_zone).day if facts and facts.last_event else None,
            customers=facts.customers if facts else 0,
            sources=tuple(self._source(each) for each in self.settings.sources),
            tables=tuple(self._tables()),
            issues=tuple(self._issues()),
            quarantine=_quarantine(facts.folder, self.settings.folder.resolve()) if facts else (),
            money=self._money(),
            runs=tuple(self._run(record) for record in self.store.list(limit=RUNS)),
        )

    @cached_property
    def _facts(self) -> Facts | None:
        try:
            return self.run.facts if self.run else None
        except CarpelError:
            return None

    def _source(self, source: Source) -> SourceView:
        try:
            paths = [self.settings.folder.resolve() / file for file in source.files]
            files = tuple(self._shortened(file) for file in expand(paths))
        except CarpelError:
            files = ()
        read = self._facts.rows_read.get(source.name) if self._facts else None
        return SourceView(name=source.name, files=files, tables=tuple(source.tables), missing=not files, rows=read)

    def _tables(self) -> Iterator[TableView]:
        facts = self._facts
        for table in facts.tables.values() if facts else ():
            feeding = [each.name for each in self.settings.sources if table.name in each.tables]
            yield TableView(
                name=table.name,
                sources=tuple(feeding),
                rows=table.rows,
                without_customer=table.rows_without_customer,
                undated=table.undated,
                set_aside=_aside(facts, table) if facts else 0,
                columns=tuple(table.columns),
                latest=self.figures.freshest.get(table.name) if self.figures else None,
            )

    def _issues(self) -> Iterator[Issue]:
        found = self.run.manifest.issues if self.run else ()
        of_data = [each for each in found if each.code.partition(".")[0] in _OF_DATA]
        for issue in sorted(of_data, key=lambda each: _SEVERITIES.index(each.severity)):
            yield Issue(
                severity=issue.severity,
                text=issue.text,
                place=shortened(issue.place, self.run) if self.run else issue.place,
                count=issue.count,
                examples=issue.examples,
            )

    def _money(self) -> Mapping[str, int]:
        """All of the source's money, by where it is."""
        if self.run is None or self.run.manifest.ledger is None:
            return {}
        table = SegmentTable.of(self.run)
        return {"segments": table.revenue, **table.rests, "source": self.run.manifest.ledger.source}

    def _run(self, record: RunRecord) -> RunView:
        folder = self.settings.runs_folder / record.id
        manifest = _manifest(folder) if (folder / MANIFEST).is_file() else None
        return RunView(
            record=record,
            timings=manifest.timings if manifest else {},
            checks=tuple(_checks(manifest)) if manifest else (),
            issues=manifest.issues if manifest else (),
            kept=manifest is not None,
        )

    def _shortened(self, place: Path) -> str:
        here = self.settings.folder.resolve()
        return place.relative_to(here).as_posix() if place.is_relative_to(here) else str(place)


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def _checks(manifest: Manifest) -> Iterator[CheckView]:
    for check in CHECKS:
        if check.__name__ in manifest.checks:
            said = text(f"views.check-{check.__name__.replace('_', '-')}")
            yield CheckView(name=check.__name__, text=said, findings=manifest.checks[check.__name__])


@lru_cache(maxsize=64)
def _manifest(folder: Path) -> Manifest | None:
    """A manifest never changes; one that cannot be read is as good as none."""
    try:
        return read_manifest(folder)
    except CarpelError:
        return None


def _aside(facts: Facts, table: FactTable) -> int:
    file = facts.folder / "quarantine" / f"{table.name}.parquet"
    return int(pq.read_metadata(file).num_rows) if file.is_file() else 0


@lru_cache(maxsize=4)
def _quarantine(facts: Path, workspace: Path) -> tuple[Quarantine, ...]:
    """What lies in a facts folder, which never changes."""
    files = sorted((facts / "quarantine").glob("*.parquet"))
    return tuple(found for file in files for found in _of_file(file, workspace))


def _of_file(file: Path, workspace: Path) -> Iterator[Quarantine]:
    """Rows by reason, the most first."""
    table = pq.read_table(file)
    counted = {row["values"]: row["counts"] for row in pc.value_counts(table["reason"]).to_pylist()}
    for reason in sorted(counted, key=lambda each: (-counted[each], each)):
        rows = table.filter(pc.equal(table["reason"], reason))
        yield Quarantine(
            table=file.stem,
            reason=_reason(reason),
            rows=counted[reason],
            amount=pc.sum(rows["amount"]).as_py(),
            examples=tuple(_set_aside(row, workspace) for row in rows.slice(0, EXAMPLES).to_pylist()),
        )


def _set_aside(row: Mapping[str, Any], workspace: Path) -> SetAside:
    file = Path(row["file"] or "")
    raw: Mapping[str, Any] = json.loads(row["raw"] or "{}")
    return SetAside(
        table=row["table"],
        file=file.relative_to(workspace).as_posix() if file.is_relative_to(workspace) else str(file),
        row=str(row["row"]),
        reason=_reason(row["reason"]),
        raw={name: _plain(value) for name, value in raw.items()},
        amount=row["amount"],
    )


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _reason(reason: str) -> Text:
    """A reason in words; one of another Carpel under its own name."""
    return text(f"views.reason-{reason}") if reason in REASONS else text("views.said", value=Labels({"en": reason}))
