"""One segment's values: who they are, what sets them apart, what they need, who comes and goes, their money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text
from carpel.runs.moves.comparing import SegmentMoves
from carpel.runs.planning.plans import Flow
from carpel.runs.views.distributions import Difference, Distribution
from carpel.runs.views.forecasting import Forecast, Offered
from carpel.runs.views.overview import Attention, Figure, Point


@dataclass(frozen=True, kw_only=True)
class Bought:
    """A category or product that a segment's customers bought.

    Attributes:
        key: Its name, or its id.
        label: What people call it.
        customers: How many of the segment bought it; None where only money was counted.
        share: Their part of the segment's customers, 0 to 1.
        revenue: What they paid for it in all, in minor units; None where lines have no money.
        money_share: Its part of what the segment paid for everything, 0 to 1.
        reference: The part of everyone's customers who bought it, 0 to 1.
    """

    key: str
    label: str
    customers: int | None
    share: float | None
    revenue: int | None
    money_share: float | None
    reference: float | None


@dataclass(frozen=True, kw_only=True)
class Bar:
    """How many purchases fall on one day of the week, or one month of the year.

    Attributes:
        number: 1 is Monday, or January.
        orders: How many.
        share: Their part of the segment's orders, 0 to 1.
        reference: The same of everyone's.
    """

    number: int
    orders: int
    share: float
    reference: float


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What, when and how often a segment's customers buy, and how content they are. Absent data leave a part empty.

    Attributes:
        categories: Categories by customers, most first.
        categories_by_money: Categories by money, most first.
        products: Products by customers, most first.
        products_by_money: Products by money, most first.
        largest_need: In which category most of their money goes, by customers.
        cycle: Days between purchases, in the median of each customer.
        next_purchase: When each is due to buy again.
        frequency: How many purchases each has made.
        pattern: How they buy.
        weekdays: Orders by day of the week, Monday first.
        months: Orders by month of the year, January first.
        satisfaction: NPS, CSAT and complaints, as far as they are known.
        sentences: The same in words, each true of the figures.
    """

    categories: tuple[Bought, ...] = ()
    categories_by_money: tuple[Bought, ...] = ()
    products: tuple[Bought, ...] = ()
    products_by_money: tuple[Bought, ...] = ()
    largest_need: Distribution | None = None
    cycle: Distribution | None = None
    next_purchase: Distribution | None = None
    frequency: Distribution | None = None
    pattern: Distribution | None = None
    weekdays: tuple[Bar, ...] = ()
    months: tuple[Bar, ...] = ()
    satisfaction: tuple[Distribution, ...] = ()
    sentences: tuple[Text, ...] = ()

    @property
    def distributions(self) -> tuple[Distribution, ...]:
        """All that are known."""
        found = (self.largest_need, self.next_purchase, self.frequency, self.cycle, self.pattern, *self.satisfaction)
        return tuple(each for each in found if each)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month's money of the customers who are in a segment now.

    Attributes:
        month: Its first day.
        orders: How many purchases.
        revenue: Their money in minor units.
        whole: Whether the run knows all of the month; it may end within the last.
    """

    month: date
    orders: int
    revenue: int
    whole: bool


@dataclass(frozen=True, kw_only=True)
class Earnings:
    """Money so far of the customers who are in the segment now, wherever they were then.

    Attributes:
        table: The table that is the company's revenue.
        months: The last 24, oldest first, months without money included.
        earlier: Money from before them, in minor units.
        undated: Money whose day nobody knows, in minor units.
        note: That it is by the segment held now.
    """

    table: str
    months: tuple[Month, ...]
    earlier: int
    undated: int
    note: Text

    @property
    def total(self) -> int:
        """All of it."""
        return self.earlier + self.undated + sum(month.revenue for month in self.months)


class Part(StrEnum):
    """What a rule's sentence belongs to."""

    WHEN = "when"
    """The rule that must hold."""
    OTHERWISE = "otherwise"
    """Everyone left."""


@dataclass(frozen=True, kw_only=True)
class RuleStep:
    """One step of the way into a segment.

    Attributes:
        segment: The segment of the step.
        label: What people call it.
        part: Whether a rule must hold, or everyone left comes here.
        sentence: The rule in words; that everyone left comes here.
        rule: The rule as it was written; None for everyone left.
    """

    segment: str
    label: Labels
    part: Part
    sentence: Text
    rule: str | None


@dataclass(frozen=True, kw_only=True)
class SegmentPart:
    """A part of a segment, or a segment above it.

    Attributes:
        key: The segment.
        label: What people call it.
        customers: How many.
        revenue: Their money in minor units; None where nothing has money.
    """

    key: str
    label: Labels
    customers: int
    revenue: int | None


@dataclass(frozen=True, kw_only=True)
class Movements:
    """Who came and who left since the run before.

    Attributes:
        since: The day of that run.
        segment: Sums of what came and left.
        came: From where, the most customers first; None is outside the base.
        left: To where, the most customers first.
        same_rules: Whether both runs divided by the same logic; if not, a change of rules moved some.
    """

    since: date
    segment: SegmentMoves
    came: tuple[Flow, ...]
    left: tuple[Flow, ...]
    same_rules: bool


@dataclass(frozen=True, kw_only=True)
class SegmentPortrait:
    """One segment as of the current run.

    Attributes:
        key: Its stable name.
        title: What people call it where it stands alone.
        path: The segments from the top down to it, itself last.
        parts: The segments that divide it; none where it is a leaf.
        is_leaf: Whether customers are in it, rather than in its parts.
        run: The run's id.
        as_of: The day that the run knows up to.
        currency: The reporting currency.
        owner: Who answers for it, itself or by a segment above.
        team: Who serves it.
        playbook: What they work from.
        urgent: Whether customers enter it at once.
        rules: The way into it, from the top.
        yaml: The segment as the scheme's text has it.
        customers: Its customers, now and before.
        share: Its part of the base's customers, 0 to 1.
        revenue: Its money, now and before; None where nothing has money.
        money_share: Its part of all segments' money, 0 to 1.
        history: What it was in the kept runs, oldest first.
        sentences: Who they are, in up to three true sentences.
        versus: The segment that it is compared with; None is everyone in the base.
        versus_title: What people call that.
        apart: What sets it apart, the strongest first.
        needs: What, when and how often they buy.
        movements: Who came and left; None where there is no earlier run.
        earnings: Money so far; None where nothing has money or facts are gone.
        forecasts: What models say of them together.
        offers: What is best offered to them next.
        forecasts: What models say of them together.
        offers: What is best offered to them next.
        attention: What needs attention of this segment.
    """

    key: str
    title: Labels
    path: tuple[SegmentPart, ...]
    parts: tuple[SegmentPart, ...]
    is_leaf: bool
    run: str
    as_of: date
    currency: Currency
    owner: str | None
    team: str | None
    playbook: str | None
    urgent: bool
    rules: tuple[RuleStep, ...]
    yaml: str
    customers: Figure
    share: float
    revenue: Figure | None
    money_share: float | None
    history: tuple[Point, ...]
    sentences: tuple[Text, ...]
    versus: str | None
    versus_title: Labels | Text
    apart: tuple[Difference, ...]
    needs: Needs
    movements: Movements | None
    earnings: Earnings | None
    forecasts: tuple[Forecast, ...] = ()
    offers: tuple[Offered, ...] = ()
    attention: tuple[Attention, ...] = ()
