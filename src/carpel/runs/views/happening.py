"""What happened to one customer: facts of every table and changes of segment as one list of events, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from carpel.crm import TABLES, Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Labels, Parameter, Text, text
from carpel.runs.moves.membership import Membership
from carpel.runs.opening import Run
from carpel.runs.views.customers import Event, EventKind, Timeline
from carpel.runs.views.errors import NotThere
from carpel.runs.views.reading import facts_of_customer
from carpel.runs.views.words import Amount, Listed

MOST: Final = 200
"""Events of one page."""
_NAMED: Final = 3
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: Final = tuple(EventKind)
_INTERACTIONS: Final = frozenset(TABLES["interactions"].column("kind").values)
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Happenings:
    """Reads what happened to one customer.

    Attributes:
        run: The run, which knows nothing later than its moment.
        facts: What happened.
        number: The customer's.
        products: What products are called.
    """

    run: Run
    facts: Facts
    number: int
    products: Mapping[str, str]

    def all(self) -> tuple[list[Event], int]:
        """Every event, and how many rows have no time."""
        events, undated = list[Event](), 0
        lines = self._lines() if "order_lines" in self.facts.tables else {}
        for name, tell in _TELLING.items():
            for row in self._rows(name):
                if row.get(str(TABLES[name].time)) is None:
                    undated += 1
                else:
                    events += tell(self, row, lines)
        known = [each for each in events if each.at < self.run.as_of.instant]
        return list(_without_sales_told_twice(known)), undated

    def amount(self, row: Row) -> Parameter:
        """A row's money in a sentence."""
        minor = row.get("amount")
        return None if minor is None else Amount(abs(int(minor)), self.run.currency)

    def event(self, kind: EventKind, at: datetime, said: Text, row: Row, *, money: int | None = None) -> Event:
        """One event; what its sentence leaves out stands among its details."""
        hidden = {"customer_no", "customer_id", "day", "source_amount", "text"}
        moment = at.replace(tzinfo=UTC)
        return Event(
            kind=kind,
            at=moment,
            day=AsOf.at(moment, self.run.as_of.time_zone).day,
            text=said,
            money=money,
            key=_key(row),
            said=row.get("text"),
            details={name: value for name, value in row.items() if value is not None and name not in hidden},
        )

    def _rows(self, name: str) -> Iterator[Row]:
        table = self.facts.tables.get(name)
        if table is not None and TABLES[name].time in table.columns:
            yield from facts_of_customer(self.facts, name, self.number, (*TABLES[name].names, "is_return"))

    def _lines(self) -> Mapping[str, list[str]]:
        """What each order holds, by its name where it has one."""
        found: dict[str, list[str]] = {}
        for row in facts_of_customer(self.facts, "order_lines", self.number, ("order_id", "product_id")):
            if row.get("product_id") and row.get("order_id"):
                found.setdefault(row["order_id"], []).append(self.products.get(row["product_id"], row["product_id"]))
        return found


def timeline(
    customer: str,
    run: Run,
    happened: tuple[Sequence[Event], int],
    stays: Sequence[Membership],
    *,
    after: str | None = None,
    limit: int = 50,
) -> Timeline:
    """A page of what happened to a customer.

    Args:
        customer: The customer's id.
        run: The run.
        happened: Every event of the customer's facts, and how many rows have no time.
        stays: Where the customer has been.
        after: `Timeline.after` of the page before.
        limit: The most events to give.

    Raises:
        NotThere: `after` is not what a page gave.
    """
    events, undated = happened
    events = sorted((*events, *_changes(run, stays)), key=_order)
    start = _start(events, after) if after else 0
    page = events[start : start + max(1, min(limit, MOST))]
    return Timeline(
        customer=customer,
        events=tuple(page),
        after=_mark(events, start + len(page) - 1) if start + len(page) < len(events) else None,
        total=len(events),
        counts=Counter(each.kind for each in events),
        undated=undated,
    )


def _changes(run: Run, stays: Sequence[Membership]) -> Iterator[Event]:
    """A change of segment for each stay; only those that the run may know of."""
    for stay in stays:
        if stay.start > run.as_of.day:
            continue
        at = AsOf.start_of(stay.start, run.as_of.time_zone).instant
        said = text("views.event-left") if stay.segment is None else text("views.event-came", segment=_title(run, stay))
        yield Event(
            kind=EventKind.SEGMENT,
            at=at,
            day=stay.start,
            text=said,
            key=stay.segment,
            details={"segment": stay.segment, "revenue": stay.revenue},
        )


def _title(run: Run, stay: Membership) -> Labels:
    segment = stay.segment or ""
    return run.scheme.title(segment) if segment in run.scheme.paths else Labels({"en": segment})


def _order(event: Event) -> tuple[float, int, str]:
    """Newest first; at one moment by kind and key."""
    return -(event.at - _EPOCH).total_seconds(), _KINDS.index(event.kind), event.key or ""


def _mark(events: Sequence[Event], place: int) -> str:
    """Where a page ends: the last event, and how many like it there are up to it."""
    last = events[place]
    alike = sum(_order(event) == _order(last) for event in events[: place + 1])
    return f"{last.at.isoformat()}|{last.kind}|{alike}|{last.key or ''}"


def _start(events: Sequence[Event], after: str) -> int:
    moment, kind, alike, key = (*after.split("|", 3), "", "", "")[:4]
    try:
        at = datetime.fromisoformat(moment)
        wanted = (-(at - _EPOCH).total_seconds(), _KINDS.index(EventKind(kind)), key)
        return sum(_order(event) < wanted for event in events) + max(0, int(alike))
    except (ValueError, TypeError) as error:
        raise NotThere("views.no-such-page", place=after) from error


def _key(row: Row) -> str | None:
    for name, value in row.items():
        if name in _KEYS:
            return str(value) if value is not None else None
    return None


def _without_sales_told_twice(events: Sequence[Event]) -> Iterator[Event]:
    """The events without a won sale that stands there as an order of the same name, day and worth already."""
    bought = {(each.key, each.day, each.money) for each in events if each.kind is EventKind.ORDER}
    for each in events:
        won = each.kind is EventKind.OPPORTUNITY and each.details.get("won") is True
        if not won or each.key is None or (each.key, each.day, each.money) not in bought:
            yield each


def _order_event(of: Happenings, row: Row, lines: Mapping[str, list[str]]) -> Iterator[Event]:
    is_return = bool(row.get("is_return"))
    kind = EventKind.RETURN if is_return else EventKind.ORDER
    names = list(dict.fromkeys(lines.get(row.get("order_id") or "", ())))
    said = _bought(of, row, kind, names)
    event = of.event(kind, row["ordered_at"], said, {**row, "products": names or None}, money=row.get("amount"))
    yield event


def _bought(of: Happenings, row: Row, kind: EventKind, names: Sequence[str]) -> Text:
    amount = of.amount(row)
    if not names:
        return text(f"views.event-{kind}", amount=amount)
    products, more = Listed(names[:_NAMED]), len(names) - _NAMED
    if more > 0:
        return text(f"views.event-{kind}-and-more", amount=amount, products=products, count=more)
    return text(f"views.event-{kind}-of", amount=amount, products=products)


def _invoice(of: Happenings, row: Row, _: Mapping[str, list[str]]) -> Iterator[Event]:
    due = row.get("due_on")
    said = text("views.event-invoice-due" if due else "views.event-invoice", amount=of.amount(row), due=due)
    yield of.event(EventKind.INVOICE, row["issued_at"], said, row, money=row.get("amount"))


def _payment(of: Happenings, row: Row, _: Mapping[str, list[str]]) -> Iterator[Event]:
    said = text("views.event-payment", amount=of.amount(row))
    yield of.event(EventKind.PAYMENT, row["paid_at"], said, row, money=row.get("amount"))


def _contract(of: Happenings, row: Row, _: Mapping[str, list[str]]) -> Iterator[Event]:
    ends: date | None = row.get("ends_on")
    said = text("views.event-contract-until" if ends else "views.event-contract", ends=ends)
    yield of.event(EventKind.CONTRACT, row["signed_at"], said, row, money=row.get("amount"))


def _opportunity(of: Happenings, row: Row, _: Mapping[str, list[str]]) -> Iterator[Event]:
    closed, won = row.get("closed_at"), row.get("won")
    known = {name: value for name, value in row.items() if name not in {"closed_at", "won"}}
    said = _sale(of, "views.event-opportunity", row)
    yield of.event(EventKind.OPPORTUNITY, row["opened_at"], said, known, money=row.get("amount"))
    if closed is not None and won is not None:
        said = _sale(of, "views.event-won" if won else "views.event-lost", row)
        yield of.event(EventKind.OPPORTUNITY, closed, said, row, money=row.get("amount"))


def _sale(of: Happenings, key: str, row: Row) -> Text:
    """What happened to a sale, with what it is worth where that is known and not nothing."""
    return text(key, amount=of.amount(row)) if row.get("amount") else text(f"{key}-plain")


def _interaction(of: Happenings, row: Row, _: Mapping[str, list[str]]) -> Iterator[Event]:
    kind = row.get("kind") if row.get("kind") in _INTERACTIONS else "other"
    said = text(f"views.event-{str(kind).replace('_', '-')}")
    yield of.event(EventKind.INTERACTION, row["happened_at"], said, row)


def _feedback(of: Happenings, row: Row, _: Mapping[str, list[str]]) -> Iterator[Event]:
    score, most = row.get("score"), row.get("scale_max")
    if score is None:
        said = text("views.event-feedback")
    else:
        said = text(
            "views.event-score" if most is None else "views.event-score-of", score=_short(score), most=_short(most)
        )
    yield of.event(EventKind.FEEDBACK, row["given_at"], said, row)


def _short(number: float | None) -> float | None:
    return int(number) if number is not None and float(number).is_integer() else number


_KEYS: Final = frozenset(TABLES[name].key for name in TABLES if TABLES[name].time)
_TELLING: Final[Mapping[str, Callable[[Happenings, Row, Mapping[str, list[str]]], Iterator[Event]]]] = {
    "orders": _order_event,
    "invoices": _invoice,
    "payments": _payment,
    "contracts": _contract,
    "opportunities": _opportunity,
    "interactions": _interaction,
    "feedback": _feedback,
}
