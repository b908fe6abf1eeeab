"""A workspace as Python opens it: settings, engine and store wired to the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self, TypeVar

from carpel.engine import open_engine
from carpel.governance import SchemeVersion
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.kernel.progress import Progress
from carpel.kernel.texts import Text
from carpel.profiles import Catalogue
from carpel.runs import (
    Plan,
    Replay,
    Run,
    RunRecord,
    RunStore,
    Settings,
    check,
    compiled,
    offered,
    open_run,
    plan,
    publish,
    read_settings,
    replay,
)
from carpel.runs import run as make_run
from carpel.runs.folders import MANIFEST
from carpel.runs.moves import Membership
from carpel.runs.proof import proof
from carpel.runs.views.attributes import AttributeGroup, AttributePage
from carpel.runs.views.customers import CustomerCard, CustomersPage, Timeline
from carpel.runs.views.data import DataView
from carpel.runs.views.listing import Wish
from carpel.runs.views.outlook import Outlook
from carpel.runs.views.overview import Overview
from carpel.runs.views.portrait import SegmentPortrait
from carpel.runs.views.segments import SegmentTable
from carpel.store import open_store
from carpel.workspace.answers import Answers
from carpel.workspace.current import CurrentRun
from carpel.workspace.customers import Customer
from carpel.workspace.initial import is_workspace
from carpel.workspace.models import Models
from carpel.workspace.moves import MoveTable, memberships_of, moves
from carpel.workspace.pages import Pages
from carpel.workspace.run_table import RunTable
from carpel.workspace.schemes import Schemes

T = TypeVar("T")


def open(folder: Path | str = ".") -> Workspace:  # noqa: A001
    """Open the workspace in a folder.

    Raises:
        CarpelError: No carpel.yaml there, or one that cannot be read; the place says where.
    """
    folder = Path(folder)
    if not is_workspace(folder):
        raise CarpelError("workspace.no-workspace", place=str(folder))
    return Workspace(folder)


class Workspace:
    """A folder with a carpel.yaml, and all that can be done with it.

    Engine and store are opened when first needed; leave a `with` block, or call `close`, to free them. Any number of
    threads may read one workspace.
    """

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = read_settings(folder)
        self._opening = RLock()
        self._answers = Answers()
        self._readers = CurrentRun(self.settings, lambda: self.store)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Workspace {self.name!r} in {self.settings.folder}>"

    @property
    def name(self) -> str:
        """What carpel.yaml calls it."""
        return self.settings.workspace

    @cached_property
    def runs(self) -> Runs:
        """Past runs and the current one."""
        return Runs(self)

    @cached_property
    def schemes(self) -> Schemes:
        """Versions of the scheme."""
        return Schemes(self)

    @cached_property
    def models(self) -> Models:
        """What is learned from the past, and how good it is."""
        return Models(self)

    @cached_property
    def profiles(self) -> RunTable:
        """The current run's profiles: one row per customer."""
        return RunTable(self, "profiles")

    @cached_property
    def assignments(self) -> RunTable:
        """The current run's assignments: one row per customer, with the segment."""
        return RunTable(self, "assignments")

    def run(self, *, as_of: str | AsOf | None = None, progress: Progress | None = None) -> Run:
        """Make a run; it becomes current if its checks pass.

        Args:
            as_of: The moment to know up to, as `2025-07-01`; None is now, or for old data the day after its last.
            progress: Is told each stage.

        Raises:
            CarpelError: The sources, the scheme or the disk do not allow it; whatever was current still is.
        """
        moment = AsOf.parse(as_of, self.settings.time_zone) if isinstance(as_of, str) else as_of
        return make_run(self.settings, self.engine, self.store, as_of=moment, progress=progress)

    def check(self, *, progress: Progress | None = None) -> tuple[Issue, ...]:
        """What is wrong with the sources and the scheme; changes nothing."""
        return check(self.settings, self.engine, self.store, progress=progress)

    def plan(self, *, progress: Progress | None = None) -> Plan:
        """What publishing the scheme's file would change, computed on the current run; changes nothing.

        Raises:
            CarpelError: Nothing is current yet, the file cannot be read, or has errors.
        """
        return plan(self.settings, self.engine, self.store, progress=progress)

    def publish(self, *, comment: str = "", by: str | None = None, base: int | None = None) -> SchemeVersion:
        """Make the scheme's file what runs use from now on; a file that says the same already changes nothing.

        Args:
            comment: What its author says of it.
            by: Who publishes; None is CARPEL_USER, or whoever the system says works here.
            base: The published version whose changes the file has taken in; None is the one that it was made from.

        Raises:
            BaseChanged: Another version was published meanwhile; the error says what it changed.
            NotApproved: The scheme names a sponsor, who has not agreed to this text.
            CarpelError: The file cannot be read, or has errors.
        """
        return publish(self.settings, self.engine, self.store, comment=comment, by=by, base=base)

    def segments(self) -> SegmentTable:
        """The current run's segments with their customers and money."""
        return SegmentTable.of(self.current)

    def overview(self, *, now: datetime | None = None) -> Overview:
        """How the company stands: totals and segments with their change, what needs attention, who went where.

        Args:
            now: The present, with its zone; None is the clock's.
        """
        return self._pages.overview(now)

    def segment(self, segment: str, *, versus: str | None = None, now: datetime | None = None) -> SegmentPortrait:
        """One segment: who they are, what sets them apart, what they need, who comes and goes, their money so far.

        Args:
            segment: Its key; a segment of parts is all of them together.
            versus: The segment that it is compared with; None is everyone in the base.
            now: The present, with its zone; None is the clock's.

        Raises:
            NotThere: The scheme has no such segment.
        """
        return self._pages.segment(segment, versus, now)

    def customer(self, customer: str) -> Customer:
        """One customer of the current run."""
        return replace(Customer.of(self.current, customer), stays=self.memberships)

    def customers(self, customers: Iterable[str]) -> tuple[Customer, ...]:
        """Customers of the current run, in the order asked, as a worklist wants them.

        Raises:
            CarpelError: Some are not in the run; all of those are named.
        """
        return Customer.each_of(self.current, customers)

    def customers_page(
        self,
        segment: str | None = None,
        *,
        search: str | None = None,
        where: Mapping[str, str] | None = None,
        came_from: str | None = None,
        since: date | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> CustomersPage:
        """Customers of the current run, the most money first, then by id.

        Args:
            segment: Those of a segment, of any level; `outside` is outside the base; None is all.
            search: Those whose id, e-mail address, phone or words of whose name begin so; of Chinese names any part,
                of phones also the end, of ids without the zeros before them.
            where: Those in these bars of attributes, by key: bars' keys with commas between them, or `unknown`.
            came_from: Those whom the run before had in this segment; `outside` is outside its base.
            since: Those who were there on this day instead, as `moves` since it counts them.
            after: `CustomersPage.after` of the page before; None is the first page.
            limit: The most customers to give, 1,000 at most.

        Raises:
            NotThere: There is no such segment, attribute, bar or page.
        """
        wish = Wish(
            segment=segment,
            came_from=came_from,
            since=since,
            search=search,
            where=where,
            after=after,
            limit=limit,
        )
        return self._pages.customers(wish)

    def profile(self, customer: str, *, events: int = 20) -> CustomerCard:
        """Everything that is known of one customer of the current run, and what happened last.

        Args:
            customer: The customer's id.
            events: How many of the last events; 0 reads none of them, which takes half the time.

        Raises:
            CarpelError: There is none in the run; ids near it are named.
        """
        return self._pages.card(customer, events)

    def outlook(self, customer: str) -> tuple[Outlook, ...]:
        """What the models of the current run say of one customer, and why.

        Raises:
            CarpelError: There is none in the run; or what a model learned is gone, or was changed.
        """
        return self._pages.outlooks([customer])[0]

    def outlooks(self, customers: Sequence[str]) -> tuple[tuple[Outlook, ...], ...]:
        """The same of several customers, in the order asked."""
        return self._pages.outlooks(customers)

    def timeline(self, customer: str, *, after: str | None = None, limit: int = 50) -> Timeline:
        """What happened to one customer up to the run's moment, newest first.

        Args:
            customer: The customer's id.
            after: `Timeline.after` of the page before; None is the first page.
            limit: The most events to give, 200 at most.
        """
        return self._pages.timeline(customer, after, limit)

    def attribute_pages(self) -> tuple[AttributeGroup, ...]:
        """The attributes of the current run by family: distribution, coverage, freshness, what reads them."""
        return self._pages.attributes().all()

    def attribute(self, attribute: str) -> AttributePage:
        """One attribute of the current run.

        Raises:
            NotThere: Profiles do not hold it; the nearest is named.
        """
        return self._pages.attributes().one(attribute)

    def data(self) -> DataView:
        """What the current run stands on: sources, tables, quality, quarantine, and runs with their checks."""
        return self._pages.data()

    def attributes(self) -> Catalogue:
        """What rules may name from the next run on, as carpel.yaml stands now; and what is missing for the rest."""
        return offered(self.settings, self.engine, self.store, self.runs.current())

    def moves(
        self, from_: str | date | None = None, to: str | date | None = None, *, progress: Progress | None = None
    ) -> MoveTable:
        """Who went where between two dates, with money on each arrow, beside what was expected.

        Args:
            from_: The earlier date; None is the run before.
            to: The later date; None is the current run. A day that no run knows up to is replayed, which is said.
            progress: Is told what a replay does.
        """
        asked = ("moves", self.current.id, str(from_), str(to))
        return self._answers.get(asked, lambda: moves(self, from_, to, progress=progress))

    def memberships(self, customer: str) -> tuple[Membership, ...]:
        """Every stay of a customer in a segment that runs recorded, whether or not they are kept; oldest first."""
        return memberships_of(self, customer)

    def sql(self) -> tuple[tuple[Text, str], ...]:
        """Every statement of the current run, each with a sentence."""
        return compiled(self.current, self.engine)

    def proof(self) -> tuple[tuple[Text, str], ...]:
        """SQL by which DuckDB alone, in the current run's folder, proves the partition; the last says what is so."""
        return proof(self.current, self.reader)

    def export(self, what: str, to: Path | str) -> int:
        """Write `assignments` or `profiles` to a Parquet, CSV or Excel file; gives the number of rows."""
        return RunTable(self, what).export(Path(to))

    @cached_property
    def _pages(self) -> Pages:
        return Pages(self)

    @property
    def current(self) -> Run:
        """The run that every reader sees. Looked up anew each time, opened once.

        Raises:
            CarpelError: Nothing is current yet.
        """
        found = self._readers.find()
        if found is None:
            raise CarpelError("runs.no-current", place=self.name)
        return found

    @cached_property
    def engine(self) -> Engine:
        """Where expressions run."""
        own = self.settings
        return self._opened(
            "engine",
            lambda: open_engine(own.engine, memory=own.memory, threads=own.threads, everywhere=own.written_folders),
        )

    @property
    def reader(self) -> Engine:
        """What answers people: the engine that works in this process, whatever runs are made with."""
        return self.engine.embedded

    @cached_property
    def store(self) -> RunStore:
        """Which run is current, and all that came before it."""
        own = self.settings
        return self._opened("store", lambda: open_store(own.store, own.folder, workspace=own.workspace))

    def _opened(self, name: str, how: Callable[[], T]) -> T:
        """Opened once, however many threads ask at the same time."""
        with self._opening:
            found: T = self.__dict__[name] if name in self.__dict__ else self.__dict__.setdefault(name, how())
            return found

    def close(self) -> None:
        """Free the engine, the store, and all that is remembered of runs; what is asked for later opens them anew."""
        with self._opening:
            self._answers, self._readers = Answers(), CurrentRun(self.settings, lambda: self.store)
            self.__dict__.pop("_pages", None)
            for name in ("engine", "store"):
                if name in self.__dict__:
                    self.__dict__.pop(name).close()


@dataclass(frozen=True)
class Runs:
    """Past runs and the current one."""

    workspace: Workspace

    def current(self) -> Run | None:
        """The run that every reader sees; None before the first."""
        return self.workspace._readers.find()  # noqa: SLF001  it is the workspace's own namespace

    def list(self, limit: int | None = None) -> tuple[RunRecord, ...]:
        """Runs, newest first."""
        return self.workspace.store.list(limit)

    def find(self, run: str) -> RunRecord:
        """What is remembered of a run, kept or not.

        Raises:
            CarpelError: There never was one of that id.
        """
        found = self.workspace.store.find(run)
        if found is None:
            raise CarpelError("workspace.no-such-run", place=run)
        return found

    def keeps(self, run: str) -> bool:
        """Whether the folder of a run that is remembered is still there."""
        return (self.workspace.settings.runs_folder / run / MANIFEST).is_file()

    def open(self, run: str) -> Run:
        """The run of that id."""
        return open_run(self.workspace.settings, run)

    def replay(self, *, progress: Progress | None = None) -> Replay:
        """Make the current run's rows again and compare them."""
        return replay(self.workspace.current, self.workspace.engine, progress=progress)
