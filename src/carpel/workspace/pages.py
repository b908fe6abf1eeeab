"""The values that pages and REST show of the current run, remembered for as long as somebody may read it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from carpel.kernel.dates import AsOf, zone
from carpel.kernel.temporary import TemporaryFolder
from carpel.runs import Run, open_run
from carpel.runs.moves.log import chain_to
from carpel.runs.moves.origins import Origins, origins
from carpel.runs.views.card import Person, card
from carpel.runs.views.cataloguing import AttributePages
from carpel.runs.views.customers import CustomerCard, CustomersPage, Timeline
from carpel.runs.views.data import DataView
from carpel.runs.views.figures import Figures, made_of, make_figures, read_figures
from carpel.runs.views.listing import Conditions, Wish, customers_page
from carpel.runs.views.outlook import Outlook, outlooks
from carpel.runs.views.overview import Overview
from carpel.runs.views.overviewing import Standing, overview
from carpel.runs.views.past_runs import past_run
from carpel.runs.views.portrait import SegmentPortrait
from carpel.runs.views.portraying import portrait
from carpel.runs.views.searching import Search, Searchable, write_search
from carpel.runs.views.surveying import Survey
from carpel.workspace.answers import Answers
from carpel.workspace.customers import Customer

if TYPE_CHECKING:
    from carpel.workspace.workspace import Workspace


_REMEMBERED = 2
"""Runs: who began to read one before the next became current reads it to the end."""

_DAYS = 4
"""Earlier days on which it is known where each customer was; a million of them take four megabytes a day."""

_PEOPLE = 32
"""Customers who were looked at last."""


@dataclass(frozen=True)
class _Shown:
    """What is remembered of one run; `beside` holds what an older Carpel did not write."""

    standing: Standing
    search: Search
    conditions: Conditions
    beside: TemporaryFolder | None


class Pages:
    """Hands out values; what a run has not counted itself is counted once, by whoever asks first."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._remembered = Answers(_REMEMBERED)
        self._answers = Answers()
        self._origins = Answers(_DAYS)
        self._people: OrderedDict[tuple[str, str], Person] = OrderedDict()

    def overview(self, now: datetime | None) -> Overview:
        """How the company stands."""
        standing, store, at = self.standing, self._workspace.store, now or datetime.now(UTC)
        asked = ("overview", *self._told_of(standing, at))
        return self._answers.get(asked, lambda: overview(standing, store, now=at))

    def segment(self, segment: str, versus: str | None, now: datetime | None) -> SegmentPortrait:
        """One segment."""
        standing, store, at = self.standing, self._workspace.store, now or datetime.now(UTC)
        asked = ("segment", segment, versus, *self._told_of(standing, at))
        return self._answers.get(asked, lambda: portrait(standing, store, segment, versus=versus, now=at))

    def _told_of(self, standing: Standing, at: datetime) -> tuple[str, date, tuple[str, str]]:
        """What such a value is of: a run, and for what needs attention also the day and how the last run ended."""
        last = self._workspace.store.list(1)[0]
        day = at.astimezone(zone(self._workspace.settings.time_zone)).date()
        return standing.run.id, day, (last.id, last.state)

    def customers(self, wish: Wish) -> CustomersPage:
        """A page of customers."""
        shown = self._shown()
        run = shown.standing.run
        origins = self._origins_on(run, wish.since) if wish.came_from and wish.since else None
        return customers_page(run, shown.search, shown.conditions, wish, origins)

    def _origins_on(self, run: Run, day: date) -> Origins:
        own = self._workspace
        at = AsOf.start_of(day, own.settings.time_zone)
        return self._origins.get((run.id, day), lambda: origins(own.settings, own.store, own.engine, run, at))

    def card(self, customer: str, events: int) -> CustomerCard:
        """One customer, with some of what happened last."""
        stays = self._workspace.memberships(customer) if events else ()
        return card(self._person(customer), stays, events=events)

    def timeline(self, customer: str, after: str | None, limit: int) -> Timeline:
        """What happened to one customer."""
        stays = self._workspace.memberships(customer)
        return self._person(customer).timeline(stays, after=after, limit=limit)

    def outlooks(self, customers: Sequence[str]) -> tuple[tuple[Outlook, ...], ...]:
        """What models say of some customers, and why."""
        return outlooks([self._person(each) for each in customers], self._workspace.reader)

    def attributes(self) -> AttributePages:
        """The catalogue."""
        return AttributePages(self.standing.run, self.standing.figures)

    def data(self) -> DataView:
        """Sources, quality and runs; also before the first run, and where the current one's folder is gone."""
        own = self._workspace
        current = own.store.current()
        standing = self.standing if current and own.runs.keeps(current.id) else None
        run, figures = (standing.run, standing.figures) if standing else (None, None)
        return Survey(settings=own.settings, store=own.store, run=run, figures=figures).all()

    def _person(self, customer: str) -> Person:
        """Remembered for a while, as a card, its timeline and its pages are asked for one after the other."""
        standing = self.standing
        asked = (standing.run.id, customer)
        known = self._people.get(asked)
        if known is None:
            entry = Customer.of(standing.run, customer).values
            known = Person(run=standing.run, figures=standing.figures, id=customer, entry=entry)
        with self._lock:
            self._people[asked] = known
            self._people.move_to_end(asked)
            while len(self._people) > _PEOPLE:
                self._people.popitem(last=False)
        return known

    @property
    def standing(self) -> Standing:
        """The current run beside those before it."""
        return self._shown().standing

    def _shown(self) -> _Shown:
        """Whoever asks for another run does not wait for what is being counted of this one."""
        run = self._workspace.current
        return self._remembered.get(run.id, lambda: self._read(run))

    def _read(self, run: Run) -> _Shown:
        own, figures = self._workspace, self._figures(run)
        standing = Standing.of(own.settings, own.store, run, figures)
        search, beside = self._search(run)
        return _Shown(standing, search, Conditions(run, figures), beside)

    def _search(self, run: Run) -> tuple[Search, TemporaryFolder | None]:
        found = Search.of(run.folder, run.index)
        if found is not None:
            return found, None
        # A run is never changed, so what an older Carpel did not write lies beside it for as long as it is read.
        folder = TemporaryFolder("carpel-search-")
        made = made_of(run)
        what = Searchable(scheme=made.scheme, profiles=made.profiles, assignments=made.assignments, facts=made.facts)
        write_search(what, folder.path)
        return Search(folder.path, run.index), folder

    def _figures(self, run: Run) -> Figures:
        found = read_figures(run.folder)
        if found is not None:
            return found
        settings, previous = self._workspace.settings, run.manifest.previous
        kept = previous and past_run(settings.runs_folder / previous)
        before = open_run(settings, previous) if previous and kept else None
        return make_figures(made_of(run, before, chain_to(settings, previous)), self._workspace.reader)
