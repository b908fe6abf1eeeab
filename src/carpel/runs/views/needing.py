"""What, when and how often a segment's customers buy, from counted figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from carpel.kernel.texts import Text, text
from carpel.runs.views.comparing import Comparison
from carpel.runs.views.distributions import Shape
from carpel.runs.views.figures import Figures
from carpel.runs.views.figures.values import Line, Sold
from carpel.runs.views.portrait import Bar, Bought, Needs
from carpel.runs.views.words import Percentage, Weekday

MOST: Final = 10
"""Categories and products that are named."""

ANSWERS: Final = 20
"""Of fewer answers nothing is said; the figures are there all the same."""

_SATISFACTION: Final = ("nps", "nps_group", "csat", "complaints_365d")
_DAYS: Final = 7
_MONTHS: Final = 12


def needs(both: Comparison, segment: str) -> Needs:
    """What the customers of a segment need, beside everyone.

    Args:
        both: The segment beside everyone.
        segment: Its key.
    """
    categories, products = _of_kind(both, "categories"), _of_kind(both, "products_owned")
    weekdays, months = _bars(both, _weekday, _DAYS), _bars(both, _month, _MONTHS)
    found = Needs(
        categories=_by_customers(categories),
        categories_by_money=_by_money(categories),
        products=_by_customers(products),
        products_by_money=_by_money(products),
        largest_need=both.distribution("largest_need"),
        cycle=both.distribution("gap_median_days"),
        next_purchase=both.distribution("next_purchase_on"),
        frequency=both.distribution("frequency"),
        pattern=both.distribution("purchase_pattern"),
        weekdays=weekdays,
        months=months,
        satisfaction=tuple(each for key in _SATISFACTION if (each := both.distribution(key))),
    )
    return _with_sentences(found, both, segment)


def _of_kind(both: Comparison, attribute: str) -> tuple[Bought, ...]:
    """Everything of which somebody of the segment bought."""
    own, other = (_owners(both.figures, attribute, rows) for rows in (both.rows, both.reference))
    money = _money(both.figures, both.rows, attribute)
    sizes = [_customers(both.figures, rows) for rows in (both.rows, both.reference)]
    total = sum(money.values())
    names = both.figures.names_of(attribute)
    return tuple(
        Bought(
            key=key,
            label=names.get(key, key),
            customers=own.get(key, 0) if own is not None else None,
            share=own.get(key, 0) / sizes[0] if own is not None and sizes[0] else None,
            revenue=money.get(key, 0) if both.figures.lines is not None else None,
            money_share=money.get(key, 0) / total if total > 0 else None,
            reference=other.get(key, 0) / sizes[1] if other is not None and sizes[1] else None,
        )
        for key in dict.fromkeys((*(own or ()), *money))
    )


def _owners(figures: Figures, attribute: str, rows: Sequence[int]) -> Mapping[str, int] | None:
    counted = figures.counted.get(attribute)
    if counted is None or counted.bins.shape is not Shape.SETS:
        return None
    counts = counted.of(rows).tolist()
    return {str(word): counts[bar] for bar, word in enumerate(counted.bins.words) if counts[bar]}


def _money(figures: Figures, rows: Sequence[int], attribute: str) -> Mapping[str, int]:
    inside, found = set(rows), Counter[str]()
    for line in figures.lines or ():
        key = _key(line, attribute)
        if line.leaf in inside and key is not None:
            found[key] += line.revenue or 0
    return found


def _key(line: Line, attribute: str) -> str | None:
    return line.product if attribute == "products_owned" else line.category


def _customers(figures: Figures, rows: Sequence[int]) -> int:
    """How many customers some leaves have: everyone is in one column or another of any attribute."""
    for counted in figures.counted.values():
        if counted.bins.shape is not Shape.SETS:
            return int(counted.of(rows).sum())
    return 0


def _by_customers(bought: Sequence[Bought]) -> tuple[Bought, ...]:
    some = [each for each in bought if each.customers]
    return tuple(sorted(some, key=lambda each: (-(each.customers or 0), each.key))[:MOST])


def _by_money(bought: Sequence[Bought]) -> tuple[Bought, ...]:
    some = [each for each in bought if each.revenue]
    return tuple(sorted(some, key=lambda each: (-(each.revenue or 0), each.key))[:MOST])


def _weekday(sold: Sold) -> int:
    return sold.weekday


def _month(sold: Sold) -> int:
    return sold.month.month if sold.month else 0


def _bars(both: Comparison, of: Callable[[Sold], int], count: int) -> tuple[Bar, ...]:
    """Orders by day of the week or month of the year; nothing where none is dated."""
    own, other = (_orders(both.figures, rows, of) for rows in (both.rows, both.reference))
    totals = own.total(), other.total()
    if not all(totals):
        return ()
    return tuple(
        Bar(number=n, orders=own[n], share=own[n] / totals[0], reference=other[n] / totals[1])
        for n in range(1, count + 1)
    )


def _orders(figures: Figures, rows: Sequence[int], of: Callable[[Sold], int]) -> Counter[int]:
    inside, found = set(rows), Counter[int]()
    for sold in figures.sold or ():
        if sold.leaf in inside and sold.month:
            found[of(sold)] += sold.orders
    return found


def _with_sentences(found: Needs, both: Comparison, segment: str) -> Needs:
    return replace(found, sentences=tuple(_sentences(found, both, segment)))


def _sentences(found: Needs, both: Comparison, segment: str) -> Iterator[Text]:
    if found.categories:
        first = found.categories[0]
        yield text(
            "views.needs-category",
            category=first.label,
            share=Percentage(first.share or 0.0),
            reference=Percentage(first.reference or 0.0),
        )
    gap = both.figures.medians.get("gap_median_days", {})
    if segment in gap and None in gap:
        yield text("views.needs-cycle", days=round(gap[segment], 1), reference=round(gap[None], 1))
    if found.weekdays:
        busiest = max(found.weekdays, key=lambda bar: (bar.orders, -bar.number))
        yield text("views.needs-weekday", weekday=Weekday(busiest.number), share=Percentage(busiest.share))
    groups = next((each for each in found.satisfaction if each.attribute.key == "nps_group"), None)
    if groups and groups.known >= ANSWERS:
        shares = {bar.value: bar.share for bar in groups.bins}
        yield text(
            "views.needs-nps",
            count=groups.known,
            promoters=Percentage(shares.get("promoter", 0.0)),
            detractors=Percentage(shares.get("detractor", 0.0)),
        )
