"""The data's values: sources and their tables, quality, what was set aside, and runs with their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from carpel.kernel.issues import Issue
from carpel.kernel.money import Currency
from carpel.kernel.texts import Text
from carpel.runs.records import RunRecord, RunState


@dataclass(frozen=True, kw_only=True)
class SourceView:
    """One source.

    Attributes:
        name: What carpel.yaml calls it.
        files: Its files as they are there now, as seen from the workspace.
        tables: The fact tables that it fills.
        missing: Whether none of its files is there any more.
        rows: Its rows as they were read; None where that was not kept.
    """

    name: str
    files: tuple[str, ...]
    tables: tuple[str, ...]
    missing: bool
    rows: int | None


@dataclass(frozen=True, kw_only=True)
class TableView:
    """One staged table.

    Attributes:
        name: The fact table.
        sources: The sources that fill it; none where it was only derived.
        rows: Rows that belong to customers, or all rows of a table without customers.
        without_customer: Rows that name none.
        undated: Rows whose time nobody knows.
        set_aside: Rows in quarantine.
        columns: Its columns: the contract's, then the source's own.
        latest: The day of its latest event; None where it has no time.
    """

    name: str
    sources: tuple[str, ...]
    rows: int
    without_customer: int
    undated: int
    set_aside: int
    columns: tuple[str, ...]
    latest: date | None

    @property
    def all_rows(self) -> int:
        """Its rows, those without a customer among them."""
        return self.rows + self.without_customer


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """One row in quarantine.

    Attributes:
        table: The fact table that it was meant for.
        file: The file that it came from.
        row: Its number there.
        reason: Why it was set aside.
        raw: What it says, by column of the source.
        amount: Its money in minor units, where it could be read.
    """

    table: str
    file: str
    row: str
    reason: Text
    raw: Mapping[str, str]
    amount: int | None


@dataclass(frozen=True, kw_only=True)
class Quarantine:
    """The rows of one table that were set aside for one reason.

    Attributes:
        table: The fact table.
        reason: Why.
        rows: How many.
        amount: Their money in minor units, where it could be read; None where none has any.
        examples: Some of them.
    """

    table: str
    reason: Text
    rows: int
    amount: int | None
    examples: tuple[SetAside, ...]


@dataclass(frozen=True, kw_only=True)
class CheckView:
    """One check that a run must pass.

    Attributes:
        name: Its name.
        text: What must be so.
        findings: What it found; nothing is good.
    """

    name: str
    text: Text
    findings: tuple[Issue, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One run.

    Attributes:
        record: What the store remembers of it.
        timings: Seconds by stage, in order; none where the run is not kept.
        checks: What each check found; none where the run is not kept.
        issues: What else was found.
        kept: Whether its folder is still there.
    """

    record: RunRecord
    timings: Mapping[str, float]
    checks: tuple[CheckView, ...]
    issues: tuple[Issue, ...]
    kept: bool

    @property
    def state(self) -> RunState:
        """Where it is in its life."""
        return self.record.state


@dataclass(frozen=True, kw_only=True)
class DataView:
    """What the current run stands on.

    Attributes:
        run: The run's id; None before the first.
        as_of: The day that it knows up to.
        currency: Of all money.
        read_at: When the sources were read, in UTC with its zone.
        first_event: The day of the earliest event.
        last_event: The day of the latest event that is not in the future.
        customers: How many customers there are.
        sources: Every source of carpel.yaml.
        tables: Every staged table.
        issues: What is wrong with the data, the most severe first.
        quarantine: Rows set aside, by table and reason.
        money: Where the source's money is, by name, in minor units, adding up to `source`; empty without money.
        runs: Runs, newest first.
    """

    run: str | None
    as_of: date | None
    currency: Currency
    read_at: datetime | None
    first_event: date | None
    last_event: date | None
    customers: int
    sources: tuple[SourceView, ...]
    tables: tuple[TableView, ...]
    issues: tuple[Issue, ...]
    quarantine: tuple[Quarantine, ...]
    money: Mapping[str, int]
    runs: tuple[RunView, ...]

    @property
    def rows_read(self) -> int | None:
        """Rows of all sources as they were read; None where that was not kept of each."""
        rows = [each.rows for each in self.sources if each.rows is not None]
        return sum(rows) if len(rows) == len(self.sources) else None
