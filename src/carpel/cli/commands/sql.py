"""`carpel sql`: the statements of a run, each with a sentence; or its proof, which DuckDB runs alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.output import out, print_json, wants_json
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Text, text
from carpel.runs import Run
from carpel.workspace import open as open_workspace


@click.command(name="sql", cls=Command)
@click.option("--proof", cls=Option, is_flag=True, help="option.proof")
@click.option("--to", cls=Option, metavar="FILE", type=click.Path(path_type=Path), help="option.sql-to")
@common_options
def command(to: Path | None, *, proof: bool) -> None:
    """See help.sql."""
    with open_workspace(workspace_folder()) as workspace:
        steps = workspace.proof() if proof else workspace.sql()
        run = workspace.current
    if wants_json():
        print_json([{"sentence": sentence, "sql": statement} for sentence, statement in steps])
        return
    written = "\n".join((*_head(run, proof=proof), *_shown(steps)))
    if to is None:
        click.echo(written)
        return
    _write(written + "\n", to)
    told = say("sql.written", file=to, folder=run.folder) if proof else say("sql.statements-written", file=to)
    out().print(told, markup=False, soft_wrap=True)


def _head(run: Run, *, proof: bool) -> Iterator[str]:
    if proof:
        head = text("runs.proof-head", run=run.id, day=run.as_of.day)
        yield f"-- {head.render(reader_language())}\n"


def _shown(steps: Iterable[tuple[Text, str]]) -> Iterator[str]:
    for sentence, statement in steps:
        yield f"-- {sentence.render(reader_language())}\n{statement};\n"


def _write(content: str, to: Path) -> None:
    try:
        to.write_text(content, encoding="utf-8")
    except OSError as error:
        raise CarpelError("cli.system", place=str(to), problem=error.strerror or "") from error
