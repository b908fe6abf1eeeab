"""A scheme's text counted over the current run's profiles, again and again while it is being written."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from carpel.kernel.errors import CarpelError
from carpel.runs import Run
from carpel.runs.publishing.scheme_file import scheme_text
from carpel.schemes import read_scheme
from carpel.schemes.previewing import Counts, Preview

if TYPE_CHECKING:
    from carpel.workspace.workspace import Workspace


class Previews:
    """Remembers what rules have answered for as long as the current run stays the same; one count at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._run: Run | None = None
        self._preview: Preview | None = None
        self._counting = Lock()

    def count(self, text: str | Path | None) -> Counts:
        """A scheme's YAML, or its file; None is the workspace's own file."""
        scheme = read_scheme(*self._written(text))
        with self._counting:
            return self._session().count(scheme)

    def _session(self) -> Preview:
        run = self._workspace.current
        if self._preview is None or self._run is not run:
            self._run, self._preview = run, Preview(run.profiles, self._workspace.reader)
        return self._preview

    def _written(self, text: str | Path | None) -> tuple[str, str]:
        if text is None:
            written = scheme_text(self._workspace.settings)
            return written.text, written.name
        if isinstance(text, Path):
            return _content(text), str(text)
        return text, "preview"


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CarpelError("kernel.yaml-not-utf8", place=str(file)) from error
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=str(file), problem=error.strerror or "") from error
