"""Phone numbers as they are compared: digits alone, from the front and from behind, with a country and without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from carpel.runs.views.searching.folding import folded

DIGITS: Final = 15
"""A phone number has no more (ITU-T E.164)."""

_NATIONAL: Final = 10
"""So many digits at the end are a number without its country, where nothing says what its country is."""
_LEAST: Final = 3
"""Fewer digits begin too many numbers; after a zero or a plus, one digit less tells as much."""
_LEAST_AT_THE_END: Final = 4
_SURELY: Final = 7
"""So many digits are a phone number though there are letters beside them."""
_COUNTRY: Final = r"^(?:00)?(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2})"
"""Calling codes (ITU-T E.164): none is the beginning of another, and whatever is not shorter has three digits."""
_INTERNATIONAL: Final = r"^[^0-9+]*(?:\+|00)"
_NOT_DIGITS: Final = r"[^0-9]+"
_PHONE: Final = re.compile(r"[\s(]*\+?[0-9\s()./-]+")

Keys = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Number:
    """What somebody typed of a phone number.

    Attributes:
        beginnings: Digits with which it may begin, in each spelling.
        endings: Digits with which it may end.
    """

    beginnings: tuple[str, ...]
    endings: tuple[str, ...]


def number_of(typed: str) -> Number | None:
    """The phone number that may be meant; None where too little was typed, or something else."""
    digits = re.sub(_NOT_DIGITS, "", typed)
    if not digits.strip("0") or not (_PHONE.fullmatch(typed) or len(digits) >= _SURELY):
        return None
    is_international = re.match(_INTERNATIONAL, typed) is not None
    is_told = is_international or digits.startswith("0")
    if len(digits) < _LEAST - is_told:
        return None
    return _spelled(digits, is_international=is_international)


def _spelled(digits: str, *, is_international: bool) -> Number:
    """In every way in which it may be written down."""
    plain = digits.lstrip("0")
    national = re.sub(_COUNTRY, "", plain) if is_international else plain
    beginnings = (plain, *([f"0{national}"] if national else [])) if is_international else (digits, plain)
    endings = [digits] if len(digits) >= _LEAST_AT_THE_END else []
    if len(national) >= _SURELY:
        endings.append(national)
    return Number(_cut(beginnings), _cut(end[::-1] for end in endings))


def _cut(each: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(digits[:DIGITS] for digits in each))


def from_the_front(phones: pa.Array) -> tuple[Keys, Keys]:
    """Numbers as numbers of fifteen digits, filled up with zeros; and the same without their country."""
    plain = folded(phones)
    digits = pc.replace_substring_regex(plain, _NOT_DIGITS, "")
    named = pc.match_substring_regex(plain, _INTERNATIONAL)
    national = pc.if_else(
        named, pc.replace_substring_regex(digits, _COUNTRY, ""), pc.utf8_slice_codeunits(digits, -_NATIONAL)
    )
    # Two zeros before a country say what a plus says.
    whole = pc.if_else(named, pc.ascii_ltrim(digits, "0"), digits)
    return _key(whole), _key(national)


def from_behind(phones: pa.Array) -> Keys:
    """The same with the last digit first."""
    return _key(pc.ascii_reverse(pc.replace_substring_regex(folded(phones), _NOT_DIGITS, "")))


def _key(digits: pa.Array) -> Keys:
    filled = pc.ascii_rpad(pc.utf8_slice_codeunits(digits, 0, DIGITS), DIGITS, "0")
    found: Keys = filled.cast(pa.int64()).to_numpy(zero_copy_only=False)
    # Nobody is found by a number that is no number.
    return np.where(found == 0, -1, found)


def range_of(digits: str) -> tuple[int, int]:
    """The first key that begins with these digits, and the first after all that do."""
    scale = 10 ** (DIGITS - len(digits))
    return int(digits) * scale, (int(digits) + 1) * scale
