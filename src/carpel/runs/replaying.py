"""Proof that a run can be made again: the same facts, parameters and scheme give the same rows."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.progress import Progress, Silent
from carpel.runs.fingerprints import fingerprint
from carpel.runs.folders import disk, working_folder
from carpel.runs.making import Division, make_assignments, make_profiles
from carpel.runs.opening import Run
from carpel.runs.preceding import assignments_before
from carpel.runs.stages import Stages


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What came of making a run again.

    Attributes:
        run: The run's id.
        rows: How many customers were compared.
        recorded: The fingerprint in the run's manifest.
        found: The fingerprint of the rows made again.
    """

    run: str
    rows: int
    recorded: str
    found: str

    @property
    def same(self) -> bool:
        """Whether every customer has the same row."""
        return self.recorded == self.found


def replay(run: Run, engine: Engine, *, progress: Progress | None = None) -> Replay:
    """Make a run's rows again, beside it, and compare.

    Raises:
        CarpelError: The facts are no longer kept, or a parameter knows more than the run's moment.
    """
    _refuse_later_knowledge(run)
    stages = Stages(progress or Silent())
    runs = run.folder.parent
    with disk(runs), working_folder(runs, f"replay-{secrets.token_hex(3)}") as folder:
        with stages.stage("profiles"):
            profiles = make_profiles(run.basis, folder, engine, stages.advance)
        with stages.stage("assignments"):
            division = Division(scheme=run.scheme, cuts=run.cuts, previous=assignments_before(run))
            made = make_assignments(division, profiles, folder, engine, stages.advance)
        with stages.stage("checks"):
            found = fingerprint(made.unbound(), made.files, engine)
    return Replay(run=run.id, rows=made.rows, recorded=run.manifest.fingerprint, found=found)


def _refuse_later_knowledge(run: Run) -> None:
    run.basis.parameters.refuse_later_than(run.as_of)
    for card in run.cards.values():
        if card.as_of.instant > run.as_of.instant:
            raise CarpelError("runs.knows-later", place=run.id, known=card.as_of.instant, as_of=run.as_of.instant)
    known = run.cuts.known_through
    if known and datetime.fromisoformat(known) > run.as_of.instant:
        later = datetime.fromisoformat(known)
        raise CarpelError("runs.knows-later", place=run.id, known=later, as_of=run.as_of.instant)
