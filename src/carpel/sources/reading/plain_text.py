"""A text file as plain UTF-8 on disk, whatever it was packed and encoded in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import text
from carpel.sources.reading import encodings
from carpel.sources.reading.scratch import Scratch
from carpel.sources.reading.unpacking import Packing, packing, pieces


@dataclass(frozen=True)
class PlainText:
    """A file ready to be read.

    Attributes:
        path: UTF-8 without NUL characters; the file itself where it is that already.
        encoding: What the file was in.
        issues: What had to be guessed, replaced or left out.
    """

    path: Path
    encoding: str
    issues: tuple[Issue, ...] = ()


def plain_text(path: Path, scratch: Scratch, encoding: str | None = None) -> PlainText:
    """Unpack and decode a text file.

    Raises:
        CarpelError: It is empty, not text, damaged, or cannot be read.
    """
    place = str(path)
    source = path
    if packing(path) is not Packing.NONE:
        source = scratch.new_file(".unpacked")
        _write(source, pieces(path))
    found = encodings.scan(pieces(source))
    if found.size == 0 or not found.start.strip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00"):
        raise CarpelError("reading.empty", place=place)
    if encodings.binary(found):
        raise CarpelError("reading.binary", place=place)
    chosen = encoding or encodings.decide(found)
    if encodings.is_utf8(chosen, place=place) and not found.broken and not found.nuls:
        return PlainText(source, encodings.UTF8)
    decoded = scratch.new_file(".utf8")
    replaced, nuls = _transcode(source, encodings.codec(chosen, place=place), decoded)
    return PlainText(decoded, chosen, tuple(_issues(place, chosen, replaced, nuls, guessed=encoding is None)))


def _write(to: Path, content: Iterator[bytes]) -> None:
    try:
        with to.open("wb") as file:
            file.writelines(content)
    except OSError as error:
        raise CarpelError("reading.no-room", problem=error.strerror or "") from error


def _transcode(source: Path, codec: str, to: Path) -> tuple[int, int]:
    """Write as UTF-8; how many characters could not be read, and how many NUL characters were left out."""
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    replaced = nuls = 0

    def encoded() -> Iterator[bytes]:
        nonlocal replaced, nuls
        for piece in chain(pieces(source), (b"",)):
            decoded = decoder.decode(piece, final=not piece).removeprefix("\ufeff")
            replaced += decoded.count("\ufffd")
            nuls += decoded.count("\x00")
            yield decoded.replace("\x00", "").encode("utf-8", errors="replace")

    _write(to, encoded())
    return replaced, nuls


def _issues(place: str, encoding: str, replaced: int, nuls: int, *, guessed: bool) -> Iterator[Issue]:
    if guessed and not encoding.startswith("UTF"):
        yield Issue(severity=Severity.NOTE, text=text("reading.encoding-decided", encoding=encoding), place=place)
    if replaced:
        message = text("reading.characters-unreadable", count=replaced, encoding=encoding)
        yield Issue(severity=Severity.WARNING, text=message, place=place, count=replaced)
    if nuls:
        yield Issue(severity=Severity.WARNING, text=text("reading.nul-removed", count=nuls), place=place, count=nuls)
