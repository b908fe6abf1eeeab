"""A run from sources to publication: order, manifest, checks, replay."""

from carpel.runs.checks import CHECKS
from carpel.runs.compiled import compiled
from carpel.runs.failpoints import FAILPOINTS
from carpel.runs.index import Index
from carpel.runs.manifest import Manifest, SegmentSize
from carpel.runs.offering import offered
from carpel.runs.opening import Run, current_run, open_run
from carpel.runs.records import Holder, Outcome, RunInProgress, RunOvertaken, RunRecord, RunState, RunStore
from carpel.runs.replaying import Replay, replay
from carpel.runs.running import WAIT_SECONDS, check, run
from carpel.runs.scheme_file import SchemeRefused
from carpel.runs.settings import Settings, read_settings

__all__ = [
    "CHECKS",
    "FAILPOINTS",
    "WAIT_SECONDS",
    "Holder",
    "Index",
    "Manifest",
    "Outcome",
    "Replay",
    "Run",
    "RunInProgress",
    "RunOvertaken",
    "RunRecord",
    "RunState",
    "RunStore",
    "SchemeRefused",
    "SegmentSize",
    "Settings",
    "check",
    "compiled",
    "current_run",
    "offered",
    "open_run",
    "read_settings",
    "replay",
    "run",
]
