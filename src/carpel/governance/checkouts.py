"""Which published version a file was made from; remembered beside the workspace, as a file has no place for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from carpel.kernel.errors import CarpelError

FOLDER: Final = Path(".carpel") / "checkouts"


def checked_out(workspace: Path, scheme: str) -> int | None:
    """The version that the file was made from; None where nothing is remembered."""
    try:
        raw = json.loads(_file(workspace, scheme).read_text(encoding="utf-8"))
        return int(raw["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember_checked_out(workspace: Path, scheme: str, version: int | None) -> None:
    """The file is made from that version now; None where it is made from none.

    Raises:
        CarpelError: The place cannot be written.
    """
    file = _file(workspace, scheme)
    partial = file.with_suffix(".partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if version is None:
            file.unlink(missing_ok=True)
            return
        partial.write_text(json.dumps({"version": version}), encoding="utf-8")
        partial.replace(file)
    except OSError as error:
        raise CarpelError("governance.cannot-write", place=str(file), problem=error.strerror or "") from error


def _file(workspace: Path, scheme: str) -> Path:
    return workspace / FOLDER / f"{scheme}.json"
