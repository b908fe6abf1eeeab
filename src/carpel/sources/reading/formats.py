"""What a file is, by its first bytes; its name decides only between JSON and delimited text."""

from __future__ import annotations

from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile

from carpel.kernel.errors import CarpelError
from carpel.sources.reading.places import COMPRESSED, JSON
from carpel.sources.reading.unpacking import Packing, head, packing, pieces


class Format(StrEnum):
    """What a file is."""

    DELIMITED = "delimited"
    JSON = "json"
    EXCEL = "excel"
    PARQUET = "parquet"


_WORKBOOK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK\x03\x04"
_FOREIGN: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3\x00": "SQLite",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"ARROW1": "Arrow",
    b"GIF8": "GIF",
    b"\x7fELF": "ELF",
}


def format_of(path: Path) -> Format:
    """What the file is.

    Raises:
        CarpelError: It cannot be read, is empty, or is something that holds no table; says what to save it as.
    """
    if path.is_dir():
        raise CarpelError("reading.folder", place=str(path))
    start = _start(path)
    if not start:
        raise CarpelError("reading.empty", place=str(path))
    if start.startswith(b"PAR1"):
        return Format.PARQUET
    if start.startswith(_WORKBOOK):
        return Format.EXCEL
    if start.startswith(_ZIP):
        return _archive(path)
    for mark, name in _FOREIGN.items():
        if start.startswith(mark):
            raise CarpelError("reading.foreign", place=str(path), kind=name)
    return Format.JSON if _is_json(path, start) else Format.DELIMITED


def _start(path: Path) -> bytes:
    if packing(path) is Packing.NONE:
        return head(path)
    return b"".join(islice(pieces(path), 1))[:64]


def _archive(path: Path) -> Format:
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except (BadZipFile, OSError) as error:
        raise CarpelError("reading.damaged", place=str(path), packing="zip") from error
    if any(name.startswith("xl/") for name in names):
        return Format.EXCEL
    raise CarpelError("reading.foreign", place=str(path), kind="ZIP")


def _is_json(path: Path, start: bytes) -> bool:
    named = next((each.lower() for each in reversed(path.suffixes) if each.lower() not in COMPRESSED), "")
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return named in JSON or text.startswith((b'{"', b"[{"))
