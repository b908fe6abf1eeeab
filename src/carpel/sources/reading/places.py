"""From the paths a person names to the files that are meant: folders, globs and single files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from glob import has_magic
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError, nearest

COMPRESSED: Final = (".gz", ".zst", ".zstd")
DELIMITED: Final = (".csv", ".tsv", ".tab", ".txt", ".psv", ".dat")
JSON: Final = (".json", ".jsonl", ".ndjson")
EXCEL: Final = (".xlsx", ".xls", ".xlsm", ".xlsb")
PARQUET: Final = (".parquet", ".pq")
READABLE: Final = DELIMITED + JSON + EXCEL + PARQUET


def expand(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The files meant, each once, by folder and name.

    A file named outright is taken whatever its ending; from folders and globs those whose ending is known.

    Raises:
        CarpelError: A path does not exist, or holds nothing that can be read.
    """
    found = [file for path in paths for file in _files(path)]
    return tuple(dict.fromkeys(found))


def stem(path: Path) -> str:
    """The file's name without its endings: `orders` for `orders.csv.gz`."""
    name = path.name
    for ending in (*COMPRESSED, *READABLE):
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return name or path.name


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from _readable(sorted(path.rglob("*")), path)
    elif path.exists():
        yield path
    elif has_magic(str(path)):
        yield from _readable(sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor)))), path)
    else:
        siblings = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        raise CarpelError("reading.missing", place=str(path), hint=nearest(path.name, siblings))


def _readable(candidates: Sequence[Path], asked: Path) -> list[Path]:
    files = [each for each in candidates if each.is_file() and not _hidden(each, asked) and _known(each)]
    if not files:
        raise CarpelError("reading.nothing-readable", place=str(asked), endings=", ".join(READABLE))
    return files


def _hidden(file: Path, asked: Path) -> bool:
    """Editors' lock files and dot folders are nobody's data."""
    inside = file.parts[len(asked.parts) - 1 :]
    return any(part.startswith((".", "~$")) for part in inside)


def _known(file: Path) -> bool:
    endings = [each.lower() for each in file.suffixes]
    if endings and endings[-1] in COMPRESSED:
        endings.pop()
    return bool(endings) and endings[-1] in READABLE
