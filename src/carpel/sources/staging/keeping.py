"""Facts are kept while nothing has changed, and made when something has."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from carpel.crm import Facts
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue
from carpel.kernel.money import Currency
from carpel.kernel.progress import Progress
from carpel.sources.reading.places import expand
from carpel.sources.settings import Source
from carpel.sources.staging.findings import issues_from_json
from carpel.sources.staging.fingerprints import Digests, fingerprint
from carpel.sources.staging.folders import begun, facts_root, prune, snapshots_root
from carpel.sources.staging.imports import Imports, following
from carpel.sources.staging.staging import Staging


@dataclass(frozen=True, kw_only=True)
class Staged:
    """Facts that are ready to be profiled.

    Attributes:
        facts: Where they lie and what they are.
        issues: What was found on the way; the same each time while the facts are.
        fresh: Whether they were made now; false where nothing had changed.
    """

    facts: Facts
    issues: tuple[Issue, ...]
    fresh: bool


def stage(
    sources: Sequence[Source],
    *,
    folder: Path,
    currency: str,
    time_zone: str,
    revenue: str,
    engine: Engine,
    now: datetime,
    progress: Progress,
    in_use: Collection[str] = (),
) -> Staged:
    """Bring the sources in as facts, or take those that are there where nothing has changed.

    Args:
        sources: As carpel.yaml describes them.
        folder: The workspace; files are relative to it, facts go to its `.carpel/facts`.
        currency: The reporting currency's code.
        time_zone: Where days are cut, and where times without a zone were written.
        revenue: The table that is the company's revenue.
        engine: What runs the work.
        now: The moment of staging, with zone.
        progress: Told stage by stage.
        in_use: Fingerprints of facts that something still reads; they are kept.

    Raises:
        CarpelError: A file or column is missing or unreadable, or the disk is full. Bad rows never raise.
    """
    root = facts_root(folder)
    found = {source.name: expand([_plain_path(folder, each) for each in source.files]) for source in sources}
    digests, imports = Digests(root / "digests.json"), Imports(root / "latest.json")
    settings = {"currency": currency, "time_zone": time_zone, "revenue": revenue, "engine": engine.name}
    content = _content(sources, found, digests, settings)
    moment = now.astimezone(UTC).replace(tzinfo=None)
    name = _name(root, imports.name_of(content), content, moment)
    kept = _kept(root / name)
    if kept is None:
        shutil.rmtree(root / name, ignore_errors=True)
        with begun(root, name) as place:
            Staging(
                sources=tuple(sources),
                found=found,
                folder=place,
                snapshots=snapshots_root(folder),
                currency=Currency(currency),
                time_zone=time_zone,
                revenue=revenue,
                engine=engine,
                now=moment,
                progress=progress,
            ).run(name)
            digests.remember()
        prune(root, {name, *in_use})
    imports.remember(content, name)
    return kept or replace(_read(root / name), fresh=True)


def _content(
    sources: Sequence[Source], found: Mapping[str, Sequence[Path]], digests: Digests, settings: Mapping[str, str]
) -> str:
    """The fingerprint of what there is to stage."""
    try:
        return fingerprint(sources, found, digests, **settings)
    except OSError as error:
        problem = error.strerror or str(error)
        raise CarpelError("kernel.file-unreadable", place=str(error.filename), problem=problem) from error


def _name(root: Path, name: str, content: str, moment: datetime) -> str:
    """What the facts are called: facts that an event has overtaken stay as they are and have a successor."""
    while _overtaken(root / name, moment):
        name = following(name, content)
    return name


def _plain_path(workspace: Path, file: str) -> Path:
    """A file that carpel.yaml names, without the steps there and back: `shop/orders.csv`, not `acme/../shop/…`."""
    whole = Path(os.path.normpath(workspace.resolve() / file))
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole


def _overtaken(folder: Path, moment: datetime) -> bool:
    """Whether an event that lay in the future when the facts were made has come to pass since."""
    try:
        until = json.loads((folder / "staging.json").read_text(encoding="utf-8"))["until"]
        return until is not None and datetime.fromisoformat(until) <= moment
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _kept(folder: Path) -> Staged | None:
    """The facts of a folder where they are there and whole."""
    try:
        return _read(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read(folder: Path) -> Staged:
    issues = issues_from_json((folder / "issues.json").read_text(encoding="utf-8"))
    return Staged(facts=Facts.load(folder), issues=issues, fresh=False)
