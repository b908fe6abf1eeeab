"""From an export to a workspace: propose, answer, then write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

from carpel.engine import open_engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.kernel.progress import Progress, Silent
from carpel.profiles import catalogue
from carpel.runs import read_settings
from carpel.schemes import starter
from carpel.sources import Proposal, stage
from carpel.sources import propose as propose_mapping

SETTINGS_FILE = "carpel.yaml"
SCHEME_FILE = Path("schemes") / "customers.yaml"
KEPT = ".carpel"


@dataclass(frozen=True, kw_only=True)
class Created:
    """A workspace that was made.

    Attributes:
        proposal: What it was made from, with every question answered.
        files: What was written.
        issues: What reading the sources found.
    """

    proposal: Proposal
    files: tuple[Path, ...]
    issues: tuple[Issue, ...]


def is_workspace(folder: Path) -> bool:
    """Whether the folder holds a carpel.yaml."""
    return (folder / SETTINGS_FILE).is_file()


def propose(
    paths: Sequence[Path | str],
    *,
    folder: Path | str,
    currency: str | None = None,
    time_zone: str = "UTC",
    progress: Progress | None = None,
) -> Proposal:
    """Look at files and propose how they map onto facts.

    Args:
        paths: Files and folders to read.
        folder: Where the workspace will be; nothing is written yet.
        currency: The reporting currency's code; None asks.
        time_zone: Where days are cut.
        progress: Is told each stage.

    Raises:
        CarpelError: There is a workspace already, or nothing there is recognisable as customers.
    """
    folder = Path(folder)
    if is_workspace(folder):
        raise CarpelError("workspace.exists", place=str(folder))
    if folder.exists() and not folder.is_dir():
        raise CarpelError("workspace.not-a-folder", place=str(folder))
    return propose_mapping(
        [Path(path) for path in paths],
        workspace=folder.resolve().name,
        folder=folder,
        currency=currency,
        time_zone=time_zone,
        progress=progress,
    )


def create(folder: Path | str, proposal: Proposal, *, progress: Progress | None = None) -> Created:
    """Write carpel.yaml and a starter scheme that fits the attributes which the sources can give.

    A failure leaves no trace.
    """
    folder = Path(folder)
    made = [each for each in (folder / SCHEME_FILE.parent, folder / KEPT, folder) if not each.exists()]
    written: list[Path] = []
    try:
        (folder / SCHEME_FILE.parent).mkdir(parents=True, exist_ok=True)
        written.append(_write(folder / SETTINGS_FILE, proposal.settings))
        scheme, issues = _starter(folder, progress or Silent())
        if not (folder / SCHEME_FILE).exists():
            written.append(_write(folder / SCHEME_FILE, scheme))
    except BaseException:
        _undo(written, made)
        raise
    return Created(proposal=proposal, files=tuple(written), issues=issues)


def _starter(folder: Path, progress: Progress) -> tuple[str, tuple[Issue, ...]]:
    settings = read_settings(folder)
    engine = open_engine(settings.engine, memory=settings.memory, threads=settings.threads)
    try:
        staged = stage(
            settings.sources,
            folder=folder,
            currency=settings.currency,
            time_zone=settings.time_zone,
            revenue=settings.revenue,
            engine=engine,
            now=datetime.now(UTC),
            progress=progress,
        )
    finally:
        engine.close()
    return starter(catalogue(staged.facts, custom=settings.attributes, keep=settings.profile)), staged.issues


def _write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def _undo(written: list[Path], made: list[Path]) -> None:
    for path in written:
        path.unlink(missing_ok=True)
    for path in made:
        if path.name == KEPT:
            rmtree(path, ignore_errors=True)
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
