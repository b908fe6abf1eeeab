"""`carpel demo`: an invented company, run and shown."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which

import click

from carpel.cli.app import common_options
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.commands.segments import record, show
from carpel.cli.output import err, out, print_issues, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.demo import generate
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import text
from carpel.workspace import is_workspace
from carpel.workspace import open as open_workspace


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
@common_options
def command(folder: Path, customers: int, seed: int) -> int:
    """See help.demo."""
    with TerminalProgress() as progress:
        if not is_workspace(folder):
            if folder.exists() and any(folder.iterdir()):
                raise CarpelError("cli.demo.folder-in-use", folder=str(folder))
            progress.stage(text("cli.demo.generating"))
            generate(folder, customers=customers, seed=seed, progress=progress)
        with open_workspace(folder) as workspace:
            run = workspace.run(progress=progress)
            if not run.is_sound:
                print_issues(run.failures, to=err())
                return 1
            segments = workspace.segments()
            example = workspace.current.index.near("", 1)[0]
    if wants_json():
        print_json(record(segments))
        return 0
    out().print()
    show(segments, reader_language())
    out().print(f"\n[bold]{say('demo.try')}[/bold]")
    for words in (f"explain {example}", "attributes", "sql", "export assignments --to customers.xlsx"):
        out().print(f"  {_program()} -w {folder} {words}", markup=False)
    return 0


def _program() -> str:
    """How to call this program from here: by its name where the shell finds it, else by its path."""
    path = Path(sys.argv[0])
    return "carpel" if which("carpel") or path.name != "carpel" else sys.argv[0]
