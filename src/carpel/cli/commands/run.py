"""`carpel run`: from sources to a current run."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.commands.segments import record, show
from carpel.cli.output import err, out, print_issues, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.workspace import Workspace
from carpel.workspace import open as open_workspace


@click.command(name="run", cls=Command)
@click.option("--as-of", cls=Option, metavar="DATE", help="option.as-of")
@click.option("--issues", "every_issue", cls=Option, is_flag=True, help="option.issues")
@common_options
def command(as_of: str | None, *, every_issue: bool) -> int:
    """See help.run."""
    _give_way()
    with open_workspace(workspace_folder()) as workspace:
        known = _notes_before(workspace)
        with TerminalProgress() as progress:
            run = workspace.run(as_of=as_of, progress=progress)
        if not run.is_sound:
            print_issues(run.failures, to=err())
            err().print(say("run.failed", run=run.id))
            return 1
        segments = workspace.segments()
        if wants_json():
            print_json(record(segments))
            return 0
        news = [issue for issue in run.issues if every_issue or issue not in known]
        differs = workspace.schemes.differs()
        print_issues([*differs, *news], limit=None if every_issue else 8)
        if len(news) < len(run.issues):
            out().print(say("run.notes-as-before", count=len(run.issues) - len(news)), style="dim")
        out().print()
        show(segments, reader_language())
        out().print(say("run.done", run=run.id, day=run.as_of.day), style="dim")
    return 0


def _give_way() -> None:
    """A run takes whatever the machine has to spare; people who read meanwhile come first."""
    if sys.platform == "linux":
        # Whoever reads then interrupts it at once instead of waiting for their turn. Some containers do not allow it.
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
            return
    if hasattr(os, "nice"):
        os.nice(10)


def _notes_before(workspace: Workspace) -> tuple[Issue, ...]:
    """What the run before has said already and asks nobody to act."""
    with suppress(CarpelError):
        before = workspace.runs.current()
        return tuple(issue for issue in before.issues if issue.severity is Severity.NOTE) if before else ()
    return ()
