"""Numbers by their shapes: which decimal mark, thousands marks, signs and units a column's values use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carpel.sources.reading.readings import AsNumber

_D: Final = "[09]"
_EXACT_PLACES: Final = 6
_EXACT_DIGITS: Final = 30
_NARROW_DIGITS: Final = 12
_SPACES: Final = " \u00a0\u202f\u2009"
_UNIT = re.compile(
    r"(?:[A-Z]{1,3}\$|\$|€|£|¥|￥|₱|₽|₹|₩|₫|฿|₺|zł|Kč|kr|Rs\.?|RM|Rp|元|圆|圓|"
    r"USD|EUR|GBP|JPY|CNY|RMB|PHP|Php|php|TWD|NTD|HKD|SGD|AUD|CAD|CHF|INR|IDR|MYR|THB|VND|KRW|BRL|MXN|SEK|NOK|DKK|PLN)"
)
_WHOLE = re.compile(
    rf"(?P<open>\()?(?P<lead>[+-]? ?)(?P<before>{_UNIT.pattern})?(?P<mid> ?[+-]?)"
    rf"(?P<core>{_D}(?:[09.,'’{_SPACES}]*[09.,])?|[.,]{_D}+)(?P<exponent>[eE][+-]?{_D}+)?"
    rf"(?P<after> ?{_UNIT.pattern})?(?P<percent> ?%)?(?P<trail>-)?(?P<close>\))?"
)
_CORES: Final = {
    ".": re.compile(
        rf"(?:{_D}{{1,3}}(?P<group>[,'’{_SPACES}])(?:{_D}{{2,3}}(?P=group))*{_D}{{3}}|{_D}*)(?P<tail>\.{_D}*)?"
    ),
    ",": re.compile(
        rf"(?:{_D}{{1,3}}(?P<group>[.'’{_SPACES}])(?:{_D}{{2,3}}(?P=group))*{_D}{{3}}|{_D}*)(?P<tail>,{_D}*)?"
    ),
}


@dataclass(frozen=True)
class NumberShape:
    """A shape that is a number.

    Attributes:
        marks: The decimal marks under which it is one, `.` and `,`.
        groups: The thousands mark under each decimal mark, or nothing.
        whole: Digits before the decimal mark, under each.
        places: Digits after it, under each.
        affixes: Units and inner spaces that are not part of the number.
        percent: Whether it is a percentage.
        brackets: Whether brackets say that it is negative.
        trailing: Whether its minus comes last.
        padded: Whether it begins with a zero that says nothing: a code rather than a number.
        exponent: Whether it is in scientific notation.
    """

    marks: tuple[str, ...]
    groups: Mapping[str, str]
    whole: Mapping[str, int]
    places: Mapping[str, int]
    affixes: tuple[str, ...] = ()
    percent: bool = False
    brackets: bool = False
    trailing: bool = False
    padded: bool = False
    exponent: bool = False


def number_shape(shape: str) -> NumberShape | None:
    """What a shape says as a number; None where it is none."""
    match = _WHOLE.fullmatch(shape)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    core = match["core"]
    cores = {mark: found for mark, regex in _CORES.items() if (found := regex.fullmatch(core))}
    if not cores:
        return None
    affixes = {each for name in ("before", "after") if (each := match[name])}
    spaces = {" "} if " " in f"{match['lead']}{match['mid']}" or (match["percent"] or "").startswith(" ") else set()
    return NumberShape(
        marks=tuple(cores),
        groups={mark: found["group"] or "" for mark, found in cores.items()},
        whole={mark: len(re.findall(_D, core)) - _places(found) for mark, found in cores.items()},
        places={mark: _places(found) for mark, found in cores.items()},
        affixes=tuple(sorted(affixes | spaces, key=lambda each: (-len(each), each))),
        percent=match["percent"] is not None,
        brackets=match["open"] is not None,
        trailing=match["trail"] is not None,
        padded=core.startswith("0") and _plain(core) and not match["before"],
        exponent=match["exponent"] is not None,
    )


def number_shapes(shapes: Mapping[str, int]) -> dict[str, NumberShape]:
    """The shapes of a column that are numbers."""
    return {shape: found for shape in shapes if (found := number_shape(shape))}


def fitting(shapes: Mapping[str, int], numbers: Mapping[str, NumberShape], mark: str) -> int:
    """How many values are numbers under a decimal mark."""
    return sum(shapes[shape] for shape, each in numbers.items() if mark in each.marks)


def reading(numbers: Mapping[str, NumberShape], mark: str, *, integral: bool = False, strict: bool = True) -> AsNumber:
    """How to read a column whose decimal mark is known; `strict` where not all of its values are numbers."""
    used = [each for each in numbers.values() if mark in each.marks]
    affixes = {affix for each in used for affix in each.affixes}
    groups = "".join(sorted({each.groups[mark] for each in used}))
    percent = any(each.percent for each in used)
    places = max((each.places[mark] + (2 if percent else 0) for each in used), default=0)
    whole = max((each.whole[mark] for each in used), default=0)
    return AsNumber(
        decimal=mark,
        thousands=groups,
        affixes=tuple(sorted(affixes, key=lambda each: (-len(each), each))),
        percent=percent,
        brackets=any(each.brackets for each in used),
        trailing=any(each.trailing for each in used),
        exact=places <= _EXACT_PLACES and whole <= _EXACT_DIGITS and not any(each.exponent for each in used),
        wide=whole > _NARROW_DIGITS,
        integral=integral,
        strict=strict,
        form=_form(mark, groups, affixes, percent=percent, decimals=places > 0),
    )


def _places(found: re.Match[str]) -> int:
    return max(len(found["tail"] or "") - 1, 0)


def _plain(core: str) -> bool:
    return len(core) > 1 and not any(mark in core for mark in ".,")


def _form(mark: str, groups: str, affixes: set[str], *, percent: bool, decimals: bool) -> str | None:
    units = ", ".join(sorted(each.strip() for each in affixes if each.strip()))
    parts = [
        "decimal comma" if mark == "," and decimals else "",
        f"thousands {_named(groups)}" if groups else "",
        "percent" if percent else "",
        units,
    ]
    return ", ".join(part for part in parts if part) or None


def _named(groups: str) -> str:
    names = {",": "comma", ".": "point", "'": "apostrophe", "’": "apostrophe"}
    return " and ".join(dict.fromkeys(names.get(group, "space") for group in groups))
