"""Money so far of a segment's customers, month by month, from counted figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from carpel.kernel.texts import text
from carpel.runs.opening import Run
from carpel.runs.views.figures import Figures
from carpel.runs.views.portrait import Earnings, Month

MONTHS: Final = 24
_YEAR: Final = 12


def earnings(run: Run, figures: Figures, rows: Sequence[int]) -> Earnings | None:
    """Money of the customers of some leaves; None where nothing has dated money, or facts were gone when counted."""
    ledger = run.manifest.ledger
    if ledger is None or figures.sold is None:
        return None
    inside = set(rows)
    sold = [each for each in figures.sold if each.leaf in inside]
    months = _last_months(run)
    sums = dict.fromkeys(months, (0, 0))
    for each in sold:
        if each.month in sums:
            orders, revenue = sums[each.month]
            sums[each.month] = orders + each.orders, revenue + each.revenue
    return Earnings(
        table=ledger.table,
        months=tuple(
            Month(month=month, orders=orders, revenue=revenue, whole=_end(month) <= run.as_of.day)
            for month, (orders, revenue) in sums.items()
        ),
        earlier=sum(each.revenue for each in sold if each.month and each.month < months[0]),
        undated=sum(each.revenue for each in sold if each.month is None),
        note=text("views.earnings-note", as_of=run.as_of.day),
    )


def _last_months(run: Run) -> tuple[date, ...]:
    """The months up to the last that the run knows something of."""
    last = (run.as_of.day - timedelta(days=1)) if run.as_of.day.day == 1 else run.as_of.day
    count = last.year * _YEAR + last.month - 1
    return tuple(date(number // _YEAR, number % _YEAR + 1, 1) for number in range(count - MONTHS + 1, count + 1))


def _end(month: date) -> date:
    """The first day of the month after."""
    return date(month.year + month.month // _YEAR, month.month % _YEAR + 1, 1)
