"""`carpel check`: what is wrong, before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, say
from carpel.cli.output import issue_record, out, print_issues, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.kernel.issues import Issue, Severity
from carpel.workspace import open as open_workspace


@click.command(name="check", cls=Command)
@common_options
def command() -> int:
    """See help.check."""
    with open_workspace(workspace_folder()) as workspace, TerminalProgress() as progress:
        issues = workspace.check(progress=progress)
    errors = [issue for issue in issues if issue.severity is Severity.ERROR]
    if wants_json():
        print_json([issue_record(issue) for issue in issues])
    else:
        print_issues(issues)
        out().print(_verdict(issues, errors))
    return 1 if errors else 0


def _verdict(issues: Sequence[Issue], errors: Sequence[Issue]) -> str:
    warnings = [issue for issue in issues if issue.severity is Severity.WARNING]
    if errors:
        return say("check.errors", count=len(errors))
    return say("check.warnings", count=len(warnings)) if warnings else say("check.clean")
