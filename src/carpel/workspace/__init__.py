"""The Python API: a workspace and one small namespace per stage. It wires engine and store, and holds no logic."""

from carpel.runs import Replay, Run, RunRecord
from carpel.runs.views.segments import SegmentRow, SegmentTable
from carpel.schemes import Why
from carpel.workspace.current import one_reading
from carpel.workspace.customers import Customer
from carpel.workspace.initial import Created, create, is_workspace, propose
from carpel.workspace.run_table import RunTable
from carpel.workspace.schemes import Schemes
from carpel.workspace.workspace import Runs, Workspace, open  # noqa: A004

__all__ = [
    "Created",
    "Customer",
    "Replay",
    "Run",
    "RunRecord",
    "RunTable",
    "Runs",
    "Schemes",
    "SegmentRow",
    "SegmentTable",
    "Why",
    "Workspace",
    "create",
    "is_workspace",
    "one_reading",
    "open",
    "propose",
]
