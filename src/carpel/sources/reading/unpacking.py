"""A file's bytes, unpacked where they are packed, in pieces; never more than a file of its size may hold."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

import pyarrow as pa

from carpel.kernel.errors import CarpelError

PIECE: Final = 1 << 20
_SAFE_BYTES: Final = 256 << 20
_SAFE_RATIO: Final = 200


class Packing(StrEnum):
    """How a file is packed."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"


def head(path: Path, size: int = 64) -> bytes:
    """A file's first bytes as they lie on disk.

    Raises:
        CarpelError: The file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise CarpelError("reading.unreadable", place=str(path), problem=error.strerror or "") from error


def packing(path: Path) -> Packing:
    """How the file is packed, by its first bytes and not by its name."""
    start = head(path, 4)
    if start[:2] == b"\x1f\x8b":
        return Packing.GZIP
    return Packing.ZSTD if start == b"\x28\xb5\x2f\xfd" else Packing.NONE


def pieces(path: Path) -> Iterator[bytes]:
    """The unpacked bytes, a megabyte or so at a time.

    Raises:
        CarpelError: The file is damaged, cannot be read, or unpacks to far more than data would.
    """
    how = packing(path)
    source = {Packing.GZIP: _gzip, Packing.ZSTD: _zstd}.get(how, _plain)(path)
    packed = path.stat().st_size
    total = 0
    try:
        for piece in source:
            total += len(piece)
            if how is not Packing.NONE and total > _SAFE_BYTES and total > packed * _SAFE_RATIO:
                raise CarpelError("reading.bomb", place=str(path), packed=packed, unpacked=total)
            yield piece
    except (zlib.error, EOFError, pa.ArrowInvalid) as error:
        raise CarpelError("reading.damaged", place=str(path), packing=how.value) from error
    except OSError as error:
        raise CarpelError("reading.unreadable", place=str(path), problem=error.strerror or str(error)) from error


def _plain(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _gzip(path: Path) -> Iterator[bytes]:
    """Several gzip members in one file follow each other, as `cat a.gz b.gz` makes them."""
    member = zlib.decompressobj(wbits=31)
    for packed in _plain(path):
        left = packed
        while left:
            piece = member.decompress(left, PIECE)
            if piece:
                yield piece
            left = member.unconsumed_tail
            if member.eof:
                left = member.unused_data.lstrip(b"\x00")
                member = zlib.decompressobj(wbits=31) if left else member
    while piece := member.decompress(member.unconsumed_tail, PIECE):
        yield piece
    if not member.eof:
        raise EOFError


def _zstd(path: Path) -> Iterator[bytes]:
    with pa.OSFile(str(path)) as raw, pa.CompressedInputStream(raw, "zstd") as stream:
        while piece := _read(stream):
            yield piece


def _read(stream: pa.CompressedInputStream) -> bytes:
    """A piece of a packed stream; Arrow reports damage as an input error that has no number."""
    try:
        return bytes(stream.read(PIECE))
    except OSError as error:
        if error.errno is None:
            raise EOFError from error
        raise
