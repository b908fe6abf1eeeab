"""What belongs to the company as a whole: staff, exchange rates, marketing spend and budgets."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.demo.assortment import content
from carpel.demo.blocks import DAYS, Calendar, Floats, Ints, Moments
from carpel.demo.columns import dates, floats, money, numbered
from carpel.demo.people import STAFF

NAME: Final = "Sibol & Co."
CAMPAIGNS: Final = ("Payday deals", "Harvest fair", "Noche Buena", "ShelfWatch launch", "Welcome back")
SEGMENTS: Final = ("let-down", "key-accounts", "businesses", "regulars", "occasional", "newcomers", "lapsed", "leads")
MONTHS: Final = 36

_TEAMS: Final = ("key-accounts", "inside-sales", "shops", "care")
_ROLES: Final = ("account manager", "sales advisor", "shop advisor", "service agent")


def exchange_rates(calendar: Calendar, seed: int) -> Floats:
    """Pesos for a dollar on each day, and for a year after, as plans need it."""
    random = np.random.default_rng([seed, 0, 3])
    walk = np.cumsum(random.normal(0.0, 0.0022, calendar.last + 366))
    rates: Floats = np.round(57.2 * np.exp(walk - 0.4 * walk.mean()), 4)
    return rates


def rates_table(calendar: Calendar, rates: Floats) -> Any:
    """The daily rates that the company knows."""
    days = np.arange(calendar.last + 1)
    return pa.table(
        {
            "Day": dates(calendar.dates(days)),
            "Currency": pa.array(["USD"] * len(days)),
            "Rate": floats(rates[: len(days)], 4),
        }
    )


def employees_table(blocks: int, seed: int) -> Any:
    """A team for each block of customers: a head, three leaders, and those who talk to customers."""
    random = np.random.default_rng([seed, 0, 4])
    size = blocks * STAFF
    place = np.arange(size) % STAFF
    lists = content("names")["people"]["fil"]
    hours = np.where(place < len(_TEAMS), 40.0, random.choice([40.0, 40.0, 37.5, 20.0], size))
    given, family = random.choice(lists["given"], size), random.choice(lists["family"], size)
    return pa.table(
        {
            "EmployeeNo": numbered("E", np.arange(size) + 1, 5),
            "Name": pa.array([f"{one} {other}" for one, other in zip(given, family, strict=True)]),
            "Role": pa.array([_role(int(each)) for each in place]),
            "Team": pa.array([_TEAMS[each % len(_TEAMS)] for each in place]),
            "Manager": pa.array([_boss(at, at % STAFF) for at in range(size)], pa.string()),
            "HoursPerWeek": pa.array(hours),
        }
    )


def _role(place: int) -> str:
    if place < len(_TEAMS):
        return "head of sales" if place == 0 else "team leader"
    return _ROLES[place % len(_ROLES)]


def _boss(at: int, place: int) -> str | None:
    """Everyone reports to their team's leader, leaders to the head, heads to the first head."""
    if at == 0:
        return None
    block = at - place
    boss = 0 if place == 0 else block + (place % len(_TEAMS) if place >= len(_TEAMS) else 0)
    return f"E{boss + 1:05d}"


def marketing_table(calendar: Calendar, seed: int, customers: int) -> Any:
    """What campaigns cost each month."""
    random = np.random.default_rng([seed, 0, 5])
    months = _months(calendar)
    pairs = [
        (month, each) for month in range(len(months)) for each in range(len(CAMPAIGNS)) if _runs(months[month], each)
    ]
    when = months[[month for month, _ in pairs]]
    amount = random.gamma(4.0, 2.2, len(pairs)) * customers * 90
    return pa.table(
        {
            "EntryNo": numbered("MK", np.arange(len(pairs)) + 1, 6),
            "Booked": dates(np.minimum(_month_end(when), np.datetime64(calendar.end, "D"))),
            "Currency": pa.array(["PHP"] * len(pairs)),
            "Amount": money(np.rint(amount).astype(np.int64)),
            "Campaign": pa.array([CAMPAIGNS[each] for _, each in pairs]),
            "Segment": pa.array([_aimed_at(each) for _, each in pairs]),
            "Kind": pa.array(["marketing"] * len(pairs)),
        }
    )


def _runs(month: np.datetime64, campaign: int) -> bool:
    number = int(month.astype(np.int64)) % 12
    seasons = (range(12), (2, 3, 8, 9), (10, 11), (0, 5), (1, 6))
    return number in seasons[campaign]


def _aimed_at(campaign: int) -> str:
    return ("regulars", "businesses", "occasional", "key-accounts", "lapsed")[campaign]


def budgets_table(calendar: Calendar, seed: int, customers: int) -> Any:
    """Planned spend by month, segment and kind."""
    random = np.random.default_rng([seed, 0, 6])
    months = _months(calendar)
    cells = [
        (at, segment, kind) for at in range(len(months)) for segment in SEGMENTS for kind in ("marketing", "service")
    ]
    share = random.gamma(6.0, 1.0, len(cells)) * customers * 60
    rounded: Ints = np.rint(share / 100_000).astype(np.int64) * 100_000 + 100_000
    return pa.table(
        {
            "BudgetNo": numbered("B", np.arange(len(cells)) + 1, 5),
            "Month": dates(months[[at for at, _, _ in cells]].astype("datetime64[D]")),
            "Currency": pa.array(["PHP"] * len(cells)),
            "Amount": floats(rounded / 100.0, 2),
            "Segment": pa.array([segment for _, segment, _ in cells]),
            "Kind": pa.array([kind for _, _, kind in cells]),
        }
    )


def _months(calendar: Calendar) -> Moments:
    first = np.datetime64(calendar.start, "M")
    return first + np.arange(DAYS // 30 + 1)[: MONTHS + 1].astype("timedelta64[M]")


def _month_end(months: Moments) -> Moments:
    following: Moments = (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    return following - np.timedelta64(1, "D")
