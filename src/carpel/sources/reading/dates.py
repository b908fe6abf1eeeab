"""Dates by their shapes: the patterns that values follow, and the orders in which their day and month may be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carpel.sources.reading.readings import AsDate

ORDERS: Final = ("D/M/Y", "M/D/Y", "Y/M/D")
OR: Final = " or "
"""Between the forms of a column that is written in several."""

_MONTHS: Final = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_FULL: Final = "january|february|march|april|may|june|july|august|september|october|november|december"
_D: Final = "[09]"
_SHORT: Final = 2
_LONG: Final = 4
_MICROSECONDS: Final = len(".999999")
_ZONE: Final = rf"(?P<zone> ?(?:Z|UTC|GMT|[+-]{_D}{_D}:?(?:{_D}{_D})?))?"
_CLOCK: Final = (
    rf"(?:(?P<gap>[ T]|, | T)(?P<hour>{_D}{{1,2}}):{_D}{_D}(?P<second>:{_D}{_D}(?P<fraction>[.,]{_D}{{1,9}})?)?"
    rf"(?P<half> ?[AaPp]\.?[Mm]\.?)?{_ZONE})?"
)
_NUMERIC = re.compile(rf"(?P<a>{_D}{{1,4}})(?P<sep>[-/.])(?P<b>{_D}{{1,2}})(?P=sep)(?P<c>{_D}{{1,4}}){_CLOCK}")
_NAMED = re.compile(
    rf"(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun),? )?"
    rf"(?:(?P<d1>{_D}{{1,2}})(?P<s1>[-/ ]|)(?P<m1>{_FULL}|{_MONTHS})(?P<s2>[-/ ,]{{1,2}}|)(?P<y1>{_D}{{4}}|{_D}{{2}})"
    rf"|(?P<m2>{_FULL}|{_MONTHS})(?P<s3> |-)(?P<d2>{_D}{{1,2}})(?P<s4>,? |-)(?P<y2>{_D}{{4}}|{_D}{{2}})"
    rf"|(?P<y3>{_D}{{4}})(?P<s5>[-/ ])(?P<m3>{_FULL}|{_MONTHS})(?P<s6>[-/ ])(?P<d3>{_D}{{1,2}})){_CLOCK}",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    rf"(?P<y>{_D}{{4}}|{_D}{{2}})(?P<g1> ?)年(?P<g2> ?){_D}{{1,2}}(?P<g3> ?)月(?P<g4> ?){_D}{{1,2}}(?P<g5> ?)日"
    rf"(?P<time> ?{_D}{{1,2}}(?::{_D}{_D}(?::{_D}{_D})?|[时時]{_D}{{1,2}}分(?:{_D}{{1,2}}秒)?))?"
)
_MONTH = re.compile(rf"{_D}{{4}}(?P<sep>[-/.])(?:{_D}{{1,2}})|{_D}{{4}}年{_D}{{1,2}}月")
_DAY: Final = "9" * 8
_COMPACT: Final = {
    _DAY: "%Y%m%d",
    "9" * 14: "%Y%m%d%H%M%S",
    "9" * 8 + "T" + "9" * 6: "%Y%m%dT%H%M%S",
    "9" * 8 + " " + "9" * 6: "%Y%m%d %H%M%S",
}


@dataclass(frozen=True)
class Pattern:
    """One way in which dates are written.

    Attributes:
        by_order: DuckDB's pattern for each order of day, month and year that the shape allows.
        label: The date's form where it leaves no choice of order, such as `Y-M-D`.
        short_year: Whether the year has two digits.
        clock: Whether there is a time.
        zoned: Whether there is a zone.
        half_days: Whether the time counts to twelve.
    """

    by_order: tuple[tuple[str, str], ...]
    label: str | None = None
    short_year: bool = False
    clock: bool = False
    zoned: bool = False
    half_days: bool = False

    def under(self, order: str) -> str | None:
        """The pattern if dates are in an order; one that leaves no choice holds under each."""
        found = dict(self.by_order)
        return found.get(order) or (found.get("") if "" in found else None)


def pattern_of(shape: str) -> Pattern | None:
    """The pattern of a shape; None where it is no date."""
    if shape in _COMPACT:
        return Pattern((("", _COMPACT[shape]),), label="YYYYMMDD", clock=shape != _DAY)
    for regex, build in ((_NUMERIC, _numeric), (_NAMED, _named), (_CHINESE, _chinese), (_MONTH, _month)):
        if match := regex.fullmatch(shape):
            return build(match)
    return None


def date_shapes(shapes: Mapping[str, int]) -> dict[Pattern, int]:
    """The patterns of a column with the number of values that follow each."""
    found: dict[Pattern, int] = {}
    for shape, count in shapes.items():
        if pattern := pattern_of(shape):
            found[pattern] = found.get(pattern, 0) + count
    return found


def readings(patterns: Mapping[Pattern, int], *, days: bool) -> dict[str, AsDate]:
    """The ways to read a column's dates, by the order of day, month and year they assume.

    A column whose dates leave no choice has one, under the empty order.
    """
    offered = {order for pattern in patterns for order, _ in pattern.by_order if order}
    orders = tuple(order for order in ORDERS if order in offered) or ("",)
    return {order: _reading(patterns, order, days=days) for order in orders}


def _reading(patterns: Mapping[Pattern, int], order: str, *, days: bool) -> AsDate:
    ranked = sorted(patterns, key=lambda each: (not each.short_year, -patterns[each], each.by_order))
    usable = [(each, found) for each in ranked if (found := each.under(order))]
    return AsDate(
        patterns=tuple(dict.fromkeys(found for each, found in usable if not each.zoned)),
        zoned=tuple(dict.fromkeys(found for each, found in usable if each.zoned)),
        days=days,
        form=OR.join(dict.fromkeys(sorted(each.label or order for each, _ in usable))),
    )


def _numeric(match: re.Match[str]) -> Pattern | None:
    first, last, sep = match["a"], match["c"], match["sep"]
    clock = _clock(match)
    if len(first) == _LONG and len(last) <= _SHORT:
        return _pattern((("", f"%Y{sep}%m{sep}%d{clock}"),), match, label=f"Y{sep}M{sep}D")
    if len(first) > _SHORT or len(last) not in {_SHORT, _LONG}:
        return None
    year = "%Y" if len(last) == _LONG else "%y"
    orders = [("D/M/Y", f"%d{sep}%m{sep}{year}{clock}"), ("M/D/Y", f"%m{sep}%d{sep}{year}{clock}")]
    if len(last) == _SHORT == len(first):
        orders.append(("Y/M/D", f"%y{sep}%m{sep}%d{clock}"))
    return _pattern(tuple(orders), match, short_year=len(last) == _SHORT)


def _named(match: re.Match[str]) -> Pattern:
    name = match["m1"] or match["m2"] or match["m3"]
    month = "%b" if name.lower() in _MONTHS else "%B"
    year = "%y" if len(match["y1"] or match["y2"] or match["y3"]) == _SHORT else "%Y"
    if match["d1"]:
        day, label = f"%d{match['s1']}{month}{match['s2']}{year}", "D Mon Y"
    elif match["m2"]:
        day, label = f"{month}{match['s3']}%d{match['s4']}{year}", "Mon D, Y"
    else:
        day, label = f"%Y{match['s5']}{month}{match['s6']}%d", "Y Mon D"
    weekday = f"%a{match['weekday'][3:]}" if match["weekday"] else ""
    return _pattern((("", weekday + day + _clock(match)),), match, label=label, short_year=year == "%y")


def _chinese(match: re.Match[str]) -> Pattern:
    year = "%y" if len(match["y"]) == _SHORT else "%Y"
    day = f"{year}{match['g1']}年{match['g2']}%m{match['g3']}月{match['g4']}%d{match['g5']}日"
    time = match["time"] or ""
    codes = iter(("%H", "%M", "%S"))
    clock = re.sub(rf"{_D}+", lambda _: next(codes), time)
    return Pattern((("", day + clock),), label="Y年M月D日", short_year=year == "%y", clock=bool(time))


def _month(match: re.Match[str]) -> Pattern:
    sep = match["sep"]
    return Pattern((("", f"%Y{sep}%m" if sep else "%Y年%m月"),), label=f"Y{sep}M" if sep else "Y年M月")


def _pattern(
    orders: tuple[tuple[str, str], ...], match: re.Match[str], *, label: str | None = None, short_year: bool = False
) -> Pattern:
    return Pattern(
        by_order=orders,
        label=label,
        short_year=short_year,
        clock=match["hour"] is not None,
        zoned=match["zone"] is not None,
        half_days=match["half"] is not None,
    )


def _clock(match: re.Match[str]) -> str:
    """The pattern of the time, from the separator before it to the zone after it."""
    if match["hour"] is None:
        return ""
    half = match["half"] or ""
    fraction = match["fraction"] or ""
    seconds = ":%S" if match["second"] else ""
    fine = f"{fraction[0]}{'%f' if len(fraction) <= _MICROSECONDS else '%n'}" if fraction else ""
    zone = match["zone"] or ""
    offset = f"{' ' if zone[0] == ' ' and zone[1] in '+-' else ''}%z" if zone else ""
    noon = f"{' ' if half[0] == ' ' else ''}%p" if half else ""
    return f"{match['gap']}{'%I' if half else '%H'}:%M{seconds}{fine}{noon}{offset}"
