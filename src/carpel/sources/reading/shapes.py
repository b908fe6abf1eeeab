"""Shapes: a value with its digits made 9, so that a column of millions of values has a handful of forms to judge.

A leading zero stays visible, as `0999`; values longer than any date or amount are one shape, `…`.
"""

from __future__ import annotations

from typing import Final

LONG: Final = "…"
_LONGEST: Final = 44


def shape_sql(text: str) -> str:
    """SQL of a text's shape."""
    nines = f"translate({text}, '012345678', '999999999')"
    zero = f"{text} >= '00' AND {text} < '0:'"
    short = f"CASE WHEN {zero} THEN '0' || substr({nines}, 2) ELSE {nines} END"
    return f"CASE WHEN length({text}) > {_LONGEST} THEN '{LONG}' ELSE {short} END"


def shape_of(text: str) -> str:
    """A text's shape, as `shape_sql` gives it."""
    if len(text) > _LONGEST:
        return LONG
    nines = "".join("9" if letter in "012345678" else letter for letter in text)
    return "0" + nines[1:] if "00" <= text[:2] < "0:" and len(text) > 1 else nines
