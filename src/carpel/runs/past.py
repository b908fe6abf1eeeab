"""A scheme replayed over a run's facts as of an earlier day, by the same code as a run.

What is made is remembered under `.carpel/past/`: `profiles-<fingerprint>/` follows from facts, moment and attributes,
`assignments-<fingerprint>/` from those and the scheme. Both are caches: whoever removes them loses only time. The
least recently used go first, by number and by size.

A hold looks back to an earlier replay where one is given; else nobody is held.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.temporary import TemporaryFolder
from carpel.models import Ground, with_models
from carpel.profiles import Catalogue, Profiles, catalogue
from carpel.runs.folders import ASSIGNMENTS, PROFILES, disk
from carpel.runs.knowing import refuse_unknowable
from carpel.runs.making import Assignments, Division, make_assignments, make_profiles
from carpel.runs.modelling import attributes_of, declared
from carpel.runs.opening import Run
from carpel.runs.publishing.scheme_file import refuse_unsound
from carpel.runs.settings import attributes_from
from carpel.runs.settling import settled
from carpel.runs.stages import Stages
from carpel.schemes import Cuts, Previous, Scheme, fit_cuts, logic_fingerprint, names

FOLDER: Final = Path(".carpel/past")
KEPT: Final = {PROFILES: 16, ASSIGNMENTS: 32}
"""How many of each are kept at most."""
AT_ONCE: Final = 10
"""How many of each are kept whatever their size: a race of two schemes reads so many at once."""
BYTES: Final = 2 * 1024**3
"""How much of each kind is kept beyond those."""

_CONTENT: Final = "content.json"
_WORKING: Final = "making-"


@dataclass(frozen=True, kw_only=True)
class Past:
    """What a run of a scheme would have written on an earlier day.

    Attributes:
        at: The moment that it knows up to.
        scheme: The scheme.
        profiles: One row per customer.
        cuts: What the scheme knew across customers then.
        assignments: One segment per customer.
    """

    at: AsOf
    scheme: Scheme
    profiles: Profiles
    cuts: Cuts
    assignments: Assignments


def past(
    run: Run,
    engine: Engine,
    scheme: Scheme,
    at: AsOf,
    folder: Path,
    *,
    keep: Collection[str] | None = None,
    before: Past | None = None,
    progress: Progress | None = None,
) -> Past:
    """Replay a scheme as of a moment; a second call finds what the first has made.

    Args:
        run: Whose facts and own attributes are read.
        engine: Where expressions run.
        scheme: Any scheme; it need not be the run's.
        at: The moment; the run's own at the latest.
        folder: Where it is remembered.
        keep: The attributes that profiles hold beside those that the scheme reads. None: as the run has them.
        before: The same scheme replayed as of an earlier moment, which its hold looks back to.
        progress: Is told each stage.

    Raises:
        SchemeRefused: The scheme has errors that can be seen before any data.
        CarpelError: The moment lies outside the facts, or the facts are no longer kept.
    """
    _refuse_outside(run, at)
    stages = Stages(progress or Silent())
    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        kept = _kept(run, scheme, run.manifest.profile if keep is None else tuple(keep))
        profiles = _profiles(run, engine, kept, at, folder, stages)
        held_from = before.assignments.files if before and scheme.hold else ()
        return _assigned(run, engine, scheme, profiles, held_from, folder, stages)


def _refuse_outside(run: Run, at: AsOf) -> None:
    if run.facts.first_event is None:
        raise CarpelError("runs.past-undated", place=at.day.isoformat())
    refuse_unknowable(at, run.facts, max(at.instant, run.as_of.instant))
    if at.instant > run.as_of.instant:
        raise CarpelError("runs.past-after-run", place=at.day.isoformat(), as_of=run.as_of.day)


def _offered(run: Run) -> Catalogue:
    custom = attributes_from(run.manifest.attributes, f"{run.folder}/manifest.json")
    return attributes_of(run.facts, custom, run.manifest.models)


def _kept(run: Run, scheme: Scheme, profile: tuple[str, ...] | None) -> Catalogue:
    """The attributes that are kept, and those that the scheme reads."""
    custom = attributes_from(run.manifest.attributes, f"{run.folder}/manifest.json")
    everything = _offered(run)
    refuse_unsound(scheme, everything)
    read = names(scheme, everything)
    found = catalogue(run.facts, custom=custom, keep=None if profile is None else (*profile, *read))
    # What a model said then has to be learned anew, so only what the scheme asks is.
    return with_models(found, declared(run.manifest.models), run.facts, read)


def _profiles(run: Run, engine: Engine, found: Catalogue, at: AsOf, folder: Path, stages: Stages) -> Profiles:
    if at == run.as_of and found.available.keys() <= run.catalogue.available.keys():
        return run.profiles
    facts = run.facts

    def make(working: Path) -> Mapping[str, Any]:
        ground = Ground(facts=facts, catalogue=_offered(run), as_of=at, engine=engine)
        known = run.models if at == run.as_of else {}
        basis = settled(found, ground, run.manifest.models, stages, known)
        with stages.stage("profiles"):
            made = make_profiles(basis, working, engine, stages.advance)
        return {"rows": made.rows}

    key = _digest(facts.fingerprint, at.to_json(), run.manifest.attributes, list(found.available), version("carpel"))
    place, content = _remembered(folder, PROFILES, key, make)
    return Profiles(
        files=_files(place, PROFILES), catalogue=found, as_of=at, rows=content["rows"], digits=run.currency.digits
    )


def _assigned(
    run: Run,
    engine: Engine,
    scheme: Scheme,
    profiles: Profiles,
    held_from: tuple[Path, ...],
    folder: Path,
    stages: Stages,
) -> Past:
    previous = Previous(files=held_from) if held_from else None

    def make(working: Path) -> Mapping[str, Any]:
        with stages.stage("cuts"):
            cuts = fit_cuts(scheme, profiles, engine)
        with stages.stage("assignments"):
            made = make_assignments(
                Division(scheme=scheme, cuts=cuts, previous=previous), profiles, working, engine, stages.advance
            )
        return {"rows": made.rows, "columns": made.columns, "cuts": cuts.to_json()}

    moment, attributes = profiles.as_of.to_json(), [run.manifest.attributes, list(profiles.catalogue.available)]
    earlier = held_from[0].parent.parent.name if held_from else None
    key = _digest(run.facts.fingerprint, moment, attributes, logic_fingerprint(scheme), earlier, version("carpel"))
    place, content = _remembered(folder, ASSIGNMENTS, key, make)
    return Past(
        at=profiles.as_of,
        scheme=scheme,
        profiles=profiles,
        cuts=Cuts.from_json(content["cuts"]),
        assignments=Assignments(
            files=_files(place, ASSIGNMENTS), columns=dict(content["columns"]), rows=content["rows"]
        ),
    )


def _remembered(
    folder: Path, kind: str, key: str, make: Callable[[Path], Mapping[str, Any]]
) -> tuple[Path, Mapping[str, Any]]:
    """What was made before under this key, else what is made now; the folder appears whole or not at all."""
    place = folder / f"{kind}-{key}"
    content = _whole(place)
    if content is None:
        shutil.rmtree(place, ignore_errors=True)
        with TemporaryFolder(_WORKING, beside=folder) as working:
            (working / kind).mkdir()
            content = dict(make(working)) | {"sizes": _sizes(working)}
            (working / _CONTENT).write_text(json.dumps(content), encoding="utf-8")
            _named(working, place)
    os.utime(place)
    _forget(folder, kind)
    return place, content


def _named(working: Path, place: Path) -> None:
    try:
        working.rename(place)
    except OSError:
        # Somebody else has made the same meanwhile.
        if _whole(place) is None:
            raise


def _whole(place: Path) -> dict[str, Any] | None:
    """What a remembered folder holds; None where it is not there or a power cut left a part of it."""
    try:
        content: dict[str, Any] = json.loads((place / _CONTENT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if content.get("sizes") == _sizes(place) else None


def _sizes(place: Path) -> dict[str, int]:
    return {path.relative_to(place).as_posix(): path.stat().st_size for path in sorted(place.rglob("*.parquet"))}


def _files(place: Path, kind: str) -> tuple[Path, ...]:
    return tuple(sorted((place / kind).glob("*.parquet")))


def _forget(folder: Path, kind: str) -> None:
    """Remove the least recently used beyond what is kept."""
    found, taken = sorted(folder.glob(f"{kind}-*"), key=_used, reverse=True), 0
    for place, each in enumerate(found):
        taken += _size(each)
        if place >= KEPT[kind] or (place >= AT_ONCE and taken > BYTES):
            shutil.rmtree(each, ignore_errors=True)


def _size(place: Path) -> int:
    try:
        return sum(_sizes(place).values())
    except FileNotFoundError:
        return 0


def _used(place: Path) -> float:
    try:
        return place.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _digest(*content: Any) -> str:
    written = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:32]
