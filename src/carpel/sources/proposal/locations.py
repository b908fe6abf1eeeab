"""Where files are, as carpel.yaml writes it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def written_files(files: Sequence[Path], folder: str) -> tuple[str, ...]:
    """The files as paths, or as one pattern where they are all of their kind in their folder.

    Relative to the workspace where they lie inside or beside it, so that both can be moved together; else absolute.
    """
    pattern = _pattern(files) if len(files) > 1 else None
    return tuple(_written(each, folder) for each in ([pattern] if pattern else files))


def _pattern(files: Sequence[Path]) -> Path | None:
    folders = {file.parent for file in files}
    endings = {"".join(file.suffixes[-2:]) if file.suffix in {".gz", ".zst"} else file.suffix for file in files}
    if len(folders) != 1 or len(endings) != 1 or not next(iter(endings)):
        return None
    pattern = next(iter(folders)) / f"*{next(iter(endings))}"
    found = {each for each in pattern.parent.glob(pattern.name) if not each.name.startswith(".")}
    return pattern if found == set(files) else None


def _written(path: Path, folder: str) -> str:
    workspace = Path(folder).resolve()
    place = path.parent.resolve() / path.name
    if place.is_relative_to(workspace.parent) and workspace.parent != workspace:
        return Path(os.path.relpath(place, workspace)).as_posix()
    return place.as_posix()
