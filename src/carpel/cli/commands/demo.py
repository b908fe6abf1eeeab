"""`carpel demo`: an invented company, run and shown."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from typing import Final

import click

from carpel.cli.app import common_options
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.commands.segments import record, show
from carpel.cli.commands.serve import start
from carpel.cli.output import err, out, print_issues, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.demo import generate
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import text
from carpel.workspace import Workspace, is_workspace
from carpel.workspace import open as open_workspace

PAST_MONTHS: Final = 6


@click.command(name="demo", cls=Command)
@click.option(
    "--to",
    "folder",
    cls=Option,
    type=click.Path(path_type=Path),
    default=Path("carpel-demo"),
    show_default=True,
    metavar="DIR",
    help="option.demo-to",
)
@click.option(
    "--customers", cls=Option, type=click.IntRange(1), default=20_000, show_default=True, help="option.customers"
)
@click.option("--seed", cls=Option, type=int, default=1, show_default=True, help="option.seed")
@click.option("--serve", "and_serve", cls=Option, is_flag=True, help="option.demo-serve")
@common_options
def command(folder: Path, customers: int, seed: int, *, and_serve: bool) -> int:
    """See help.demo."""
    with TerminalProgress() as progress:
        is_new = not is_workspace(folder)
        if is_new:
            _invent(folder, customers, seed, progress)
        with open_workspace(folder) as workspace:
            if is_new:
                _run_the_past(workspace, progress)
            run = workspace.run(progress=progress)
            if not run.is_sound:
                print_issues(run.failures, to=err())
                return 1
    with open_workspace(folder) as workspace:
        if not wants_json():
            out().print()
            show(workspace.segments(), reader_language())
            if not and_serve:
                _propose(folder, workspace)
        elif not and_serve:
            print_json(record(workspace.segments()))
        if and_serve:
            start(workspace, None, lambda address: _invite(workspace, address), or_another=True)
    return 0


def _invent(folder: Path, customers: int, seed: int, progress: TerminalProgress) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise CarpelError("cli.demo.folder-in-use", folder=str(folder))
    progress.stage(text("cli.demo.generating"))
    generate(folder, customers=customers, seed=seed, progress=progress)


def _run_the_past(workspace: Workspace, progress: TerminalProgress) -> None:
    """A run at the beginning of each of the last months, so that there are movements to look at."""
    for day in _beginnings(datetime.now(UTC).date(), PAST_MONTHS):
        progress.stage(text("cli.demo.past", day=day))
        workspace.run(as_of=day.isoformat())


def _beginnings(today: date, months: int) -> list[date]:
    """The first days of the months before this one, the oldest first."""
    this = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(this - months, this)]


def _propose(folder: Path, workspace: Workspace) -> None:
    example = workspace.current.index.near("", 1)[0]
    out().print(f"\n[bold]{say('demo.try')}[/bold]")
    for words in (f"explain {example}", "attributes", "sql", "export assignments --to customers.xlsx"):
        out().print(f"  {_program()} -w {folder} {words}", markup=False)


def _invite(workspace: Workspace, address: str) -> None:
    """The address, and three things to try there."""
    largest = max(workspace.segments().leaves, key=lambda row: row.revenue or 0)
    example = workspace.current.index.near("", 1)[0]
    if wants_json():
        print_json({"workspace": workspace.name, "address": address, **record(workspace.segments())})
        return
    out().print(f"\n[bold]{say('serve.at', workspace=workspace.name, address=address)}[/bold]")
    for key, page in (
        ("demo.look-fruit", "/"),
        ("demo.look-apart", f"/segments/{largest.key}/apart"),
        ("demo.look-customer", f"/customers/{example}"),
    ):
        out().print(f"  · {say(key, segment=largest.label)}", markup=False)
        out().print(f"    {address}{page}", markup=False, soft_wrap=True)


def _program() -> str:
    """How to call this program from here: by its name where the shell finds it, else by its path."""
    path = Path(sys.argv[0])
    return "carpel" if which("carpel") or path.name != "carpel" else sys.argv[0]
