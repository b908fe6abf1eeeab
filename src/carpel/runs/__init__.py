"""A run from sources to publication: order, manifest, checks, replay."""

from carpel.runs.checks import CHECKS
from carpel.runs.compiled import compiled
from carpel.runs.failpoints import FAILPOINTS, PUBLISHING_FAILPOINTS
from carpel.runs.index import Index
from carpel.runs.manifest import Manifest, SegmentSize
from carpel.runs.offering import offered
from carpel.runs.opening import Run, current_run, open_run
from carpel.runs.planning.planning import plan
from carpel.runs.planning.plans import BudgetTouched, Flow, Plan, Resize, Touched
from carpel.runs.publishing.beginning import adopted, new_scheme
from carpel.runs.publishing.publishing import approve, publish, roll_back, submit
from carpel.runs.publishing.scheme_file import SchemeRefused
from carpel.runs.publishing.versions import (
    check_out,
    compare,
    file_differs,
    find_version,
    published_version,
    version_on,
    versions,
)
from carpel.runs.records import Holder, Outcome, RunInProgress, RunOvertaken, RunRecord, RunState, RunStore
from carpel.runs.replaying import Replay, replay
from carpel.runs.running import WAIT_SECONDS, check, run
from carpel.runs.settings import Settings, read_settings

__all__ = [
    "CHECKS",
    "FAILPOINTS",
    "PUBLISHING_FAILPOINTS",
    "WAIT_SECONDS",
    "BudgetTouched",
    "Flow",
    "Holder",
    "Index",
    "Manifest",
    "Outcome",
    "Plan",
    "Replay",
    "Resize",
    "Run",
    "RunInProgress",
    "RunOvertaken",
    "RunRecord",
    "RunState",
    "RunStore",
    "SchemeRefused",
    "SegmentSize",
    "Settings",
    "Touched",
    "adopted",
    "approve",
    "check",
    "check_out",
    "compare",
    "compiled",
    "current_run",
    "file_differs",
    "find_version",
    "new_scheme",
    "offered",
    "open_run",
    "plan",
    "publish",
    "published_version",
    "read_settings",
    "replay",
    "roll_back",
    "run",
    "submit",
    "version_on",
    "versions",
]
