"""Which encoding a text is in: byte-order marks, then validity, then which script makes the more usual letters."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from carpel.kernel.errors import CarpelError

UTF8: Final = "UTF-8"
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF8),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SAMPLE: Final = 1 << 20
_HIGH: Final = 0x80
_MOSTLY: Final = 0.6
_TRAIL: Final = 0x40
_SIGNS: Final = range(0xA1, 0xA4)
_GB_TRAIL: Final = range(0xA1, 0xFF)
_GB_USUAL: Final = range(0xB0, 0xD8)
_BIG5_TRAIL: Final = frozenset((*range(0x40, 0x7F), *range(0xA1, 0xFF)))
_BIG5_USUAL: Final = range(0xA4, 0xC7)


@dataclass(frozen=True)
class Scan:
    """What one pass over the bytes showed.

    Attributes:
        start: The first bytes.
        telling: Pieces that hold other than ASCII characters, up to a megabyte.
        size: All bytes.
        nuls: Bytes that are zero.
        broken: Places that are not UTF-8.
        accented: Characters beyond ASCII, read as UTF-8.
    """

    start: bytes
    telling: bytes
    size: int
    nuls: int
    broken: int
    accented: int


def scan(pieces: Iterable[bytes]) -> Scan:
    """Look at every byte once."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    start, telling = b"", b""
    size = nuls = broken = accented = 0
    for piece in pieces:
        size += len(piece)
        nuls += piece.count(0)
        start = start or piece[:65_536]
        plain = piece.isascii()
        if not plain and len(telling) < _SAMPLE:
            telling += piece
        if not plain or decoder.getstate()[0]:
            text = decoder.decode(piece)
            broken += text.count("\ufffd")
            accented += sum(1 for letter in text if letter > "\x7f") if len(text) < 1 << 16 else _accented(text)
    broken += decoder.decode(b"", final=True).count("\ufffd")
    return Scan(start, telling, size, nuls, broken, accented)


def decide(found: Scan) -> str:
    """The encoding that fits best. UTF-8 wins unless much of the text cannot be UTF-8."""
    for mark, name in _MARKS:
        if found.start.startswith(mark):
            return name
    if found.nuls * 5 > found.size:
        even, odd = found.start[::2].count(0), found.start[1::2].count(0)
        return "UTF-16LE" if odd > even else "UTF-16BE"
    if found.broken == 0 or found.broken * 20 < found.accented:
        return UTF8
    return _legacy(found.telling)


def is_utf8(name: str, *, place: str | None = None) -> bool:
    """Whether a name, as people write it, means UTF-8; `CarpelError` where it names nothing."""
    return codec(name, place=place) in {"utf-8", "utf-8-sig", "ascii"}


def codec(name: str, *, place: str | None = None) -> str:
    """Python's name of an encoding; `CarpelError` where there is none of that name."""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise CarpelError("reading.unknown-encoding", place=place, name=name) from error


def binary(found: Scan) -> bool:
    """Whether this is no text at all: too many control characters for any encoding but UTF-16 and UTF-32."""
    if decide(found).startswith(("UTF-16", "UTF-32")):
        return _mostly_unprintable(found)
    controls = sum(found.start.count(code) for code in (*range(9), *range(14, 27), *range(28, 32)))
    return controls * 50 > max(len(found.start), 50)


def _mostly_unprintable(found: Scan) -> bool:
    text = found.start.decode(decide(found), errors="replace")
    strange = sum(1 for letter in text if not (letter.isprintable() or letter in "\r\n\t\ufeff"))
    return strange * 10 > len(text)


def _accented(text: str) -> int:
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _legacy(sample: bytes) -> str:
    """GB18030, Big5 or Windows' Western letters, by the share of byte pairs that are that script's usual ones."""
    highs = sum(1 for byte in sample if byte >= _HIGH)
    usual = {"GB18030": _usual_share(sample, gb=True), "Big5": _usual_share(sample, gb=False)}
    best = max(usual, key=lambda name: usual[name])
    damage = sample.decode(codec(best), errors="replace").count("\ufffd")
    if usual[best] >= _MOSTLY and damage * 50 <= highs:
        return best
    return "cp1252"


def _usual_share(sample: bytes, *, gb: bool) -> float:
    """Of the pairs that begin with a high byte, how many are a common Chinese character or full-width sign."""
    lead, trail = (_GB_USUAL, _GB_TRAIL) if gb else (_BIG5_USUAL, _BIG5_TRAIL)
    at, pairs, usual = 0, 0, 0
    last = len(sample) - 1
    while at < last:
        first, second = sample[at], sample[at + 1]
        if first < _HIGH:
            at += 1
            continue
        pairs += 1
        usual += second in trail and (first in lead or first in _SIGNS)
        at += 2 if second >= _TRAIL else 1
    return usual / pairs if pairs else 0.0
