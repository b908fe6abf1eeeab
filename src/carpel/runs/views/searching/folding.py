"""Words as they are compared: without case, accents and punctuation; and the signs that stand between them."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_MARKS: Final = r"\p{Mn}+"
_BETWEEN: Final = r"[^\p{L}\p{N}]+"
_SIGN: Final = r"[^\p{L}\p{N}\p{Z}\s]"
_BESIDE_SIGNS: Final = r"[\p{L}\p{N}\p{Z}\s]+"
_WITHOUT_SPACES: Final = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]"
_LONGEST: Final = 12


def folded(texts: pa.Array) -> pa.Array:
    """Texts as they are compared."""
    plain, other = pc.utf8_lower(texts), pc.invert(pc.string_is_ascii(texts))
    # Most texts have nothing that must be taken apart, and taking apart is slow.
    apart = pc.utf8_lower(pc.utf8_normalize(texts.filter(other), form="NFKD"))
    return pc.replace_with_mask(plain, other, pc.replace_substring_regex(apart, _MARKS, ""))


def words(texts: pa.Array, rows: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Each word of some folded names, and each sign or several together, with the row that it is of.

    Of writing that puts no space between words, every end of a word is a word too, so that any part is found.
    """
    found, of = _pieces(texts, rows, _BETWEEN)
    found, of = _with_ends(found, of)
    signed = pc.match_substring_regex(texts, _SIGN)
    signs, signs_of = _pieces(texts.filter(signed), rows.filter(signed), _BESIDE_SIGNS)
    return pa.concat_arrays([found, signs]), pa.concat_arrays([of, signs_of])


def words_of(text: str) -> tuple[str, ...]:
    """The words of one folded text, by the same rule."""
    return _once(text, _BETWEEN)


def signs_of(text: str) -> tuple[str, ...]:
    """The signs of one folded text, those together that stand together."""
    return _once(text, _BESIDE_SIGNS)


def _once(text: str, between: str) -> tuple[str, ...]:
    found, _ = _pieces(pa.array([text], pa.string()), pa.array([0]), between)
    return tuple(dict.fromkeys(found.to_pylist()))


def _pieces(texts: pa.Array, rows: pa.Array, between: str) -> tuple[pa.Array, pa.Array]:
    spaced = pc.utf8_trim(pc.replace_substring_regex(texts, between, " "), " ")
    split = pc.split_pattern(spaced, " ")
    found, of = pc.list_flatten(split), rows.take(pc.list_parent_indices(split))
    some = pc.not_equal(found, "")
    return found.filter(some), of.filter(some)


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
