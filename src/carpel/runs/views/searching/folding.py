"""Words as they are compared: without case, accents and punctuation; numbers of phones as digits alone."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

DIGITS: Final = 15
"""A phone number has no more (ITU-T E.164)."""
NATIONAL: Final = 10
"""So many digits at the end are looked for too, so that a number is found without the country before it."""
LEAST_DIGITS: Final = 4
"""Fewer are not looked for among phone numbers."""

_MARKS: Final = r"\p{Mn}+"
_BETWEEN: Final = r"[^\p{L}\p{N}]+"
_WITHOUT_SPACES: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]"
_LONGEST: Final = 12
_PHONE: Final = re.compile(r"\+?[\d\s()./-]+")
_NOT_DIGITS: Final = re.compile(r"\D+")


def folded(texts: pa.Array) -> pa.Array:
    """Texts as they are compared."""
    plain, other = pc.utf8_lower(texts), pc.invert(pc.string_is_ascii(texts))
    # Most texts have nothing that must be taken apart, and taking apart is slow.
    apart = pc.utf8_lower(pc.utf8_normalize(texts.filter(other), form="NFKD"))
    return pc.replace_with_mask(plain, other, pc.replace_substring_regex(apart, _MARKS, ""))


def words(texts: pa.Array, rows: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Each word of some names, with the row that it is of.

    Of writing that puts no space between words, every end of a word is a word too, so that any part is found.
    """
    spaced = pc.utf8_trim_whitespace(pc.replace_substring_regex(folded(texts), _BETWEEN, " "))
    split = pc.split_pattern(spaced, " ")
    found, of = pc.list_flatten(split), rows.take(pc.list_parent_indices(split))
    return _with_ends(found, of)


def _with_ends(found: pa.Array, of: pa.Array) -> tuple[pa.Array, pa.Array]:
    unspaced = pc.match_substring_regex(found, _WITHOUT_SPACES)
    ends, rows = found.filter(unspaced), of.filter(unspaced)
    parts, owners = [found], [of]
    for _ in range(_LONGEST):
        ends = pc.utf8_slice_codeunits(ends, start=1)
        some = pc.greater(pc.utf8_length(ends), 0)
        ends, rows = ends.filter(some), rows.filter(some)
        if not len(ends):
            break
        parts.append(ends)
        owners.append(rows)
    return pa.concat_arrays(parts), pa.concat_arrays(owners)


def phone_keys(phones: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Phone numbers as numbers of fifteen digits, filled up with zeros; and the same of their last ten digits."""
    digits = pc.replace_substring_regex(phones, r"\D+", "")
    return _key(pc.utf8_slice_codeunits(digits, 0, DIGITS)), _key(pc.utf8_slice_codeunits(digits, -NATIONAL))


def _key(digits: pa.Array) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = pc.ascii_rpad(digits, DIGITS, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    # Nobody is found by a number that is no number.
    return np.where(found == 0, -1, found)


def words_of_query(query: str) -> tuple[str, ...]:
    """The words that somebody typed."""
    # What is no text at all is nobody's name.
    typed = pa.array([query.encode("utf-8", "replace").decode("utf-8")])
    asked: Any = pc.replace_substring_regex(folded(typed), r"[\s,;()\"']+", " ")[0].as_py()
    return tuple(dict.fromkeys(asked.split()))


def phone_of_query(query: str) -> str | None:
    """The digits of what may be the beginning of a phone number, without the zero that stands for a country."""
    if not _PHONE.fullmatch(query.strip()):
        return None
    digits = _NOT_DIGITS.sub("", query)
    return (digits.lstrip("0") or None) if LEAST_DIGITS <= len(digits) <= DIGITS else None
