"""`carpel init DIR --from PATH…`: from an export to a workspace."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from carpel.cli.app import common_options
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.output import err, out, print_issues, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.kernel.errors import CarpelError
from carpel.sources import Proposal, Question
from carpel.workspace import Created, create, propose


@click.command(name="init", cls=Command)
@click.argument("directory", type=click.Path(path_type=Path, readable=False), metavar="DIR")
@click.argument("more", type=click.Path(path_type=Path, readable=False), nargs=-1, metavar="")
@click.option(
    "--from",
    "paths",
    cls=Option,
    type=click.Path(path_type=Path, readable=False),
    multiple=True,
    required=True,
    metavar="PATH…",
    help="option.from",
)
@click.option("--yes", "-y", cls=Option, is_flag=True, help="option.yes")
@click.option("--currency", cls=Option, metavar="CODE", help="option.currency")
@click.option("--time-zone", cls=Option, metavar="ZONE", default="UTC", help="option.time-zone")
@common_options
def command(
    directory: Path, more: tuple[Path, ...], paths: tuple[Path, ...], *, yes: bool, currency: str | None, time_zone: str
) -> None:
    """See help.init."""
    with TerminalProgress() as progress:
        proposal = propose([*paths, *more], folder=directory, currency=currency, time_zone=time_zone, progress=progress)
    if not yes and proposal.questions:
        proposal = _ask(proposal)
    with TerminalProgress() as progress:
        created = create(directory, proposal, progress=progress)
    if wants_json():
        print_json(_record(created))
    else:
        _show(created)
        _show_assumed(proposal)


def _ask(proposal: Proposal) -> Proposal:
    if not sys.stdin.isatty():
        raise CarpelError("cli.init.need-answers")
    return proposal.answer({question.key: _choice(question) for question in proposal.questions})


def _choice(question: Question) -> str:
    language = reader_language()
    err().print(f"\n[bold]{question.text.render(language)}[/bold]")
    for number, (value, label) in enumerate(question.choices, start=1):
        mark = "→" if value == question.default else " "
        err().print(f" {mark} {number}  {label.render(language)}")
    values = [value for value, _ in question.choices]
    return values[_number(values.index(question.default) + 1, len(values)) - 1]


def _number(default: int, count: int) -> int:
    while True:
        typed: str = click.prompt(say("init.choose"), default=str(default), err=True)
        if typed.strip().isdecimal() and 1 <= int(typed) <= count:
            return int(typed)
        err().print(say("init.not-a-choice", count=count))


def _record(created: Created) -> dict[str, object]:
    proposal = created.proposal
    return {
        "files": created.files,
        "tables": proposal.tables,
        "revenue": proposal.revenue,
        "understood": proposal.understood,
        "unmapped": proposal.unmapped,
        "assumed": {question.key: question.default for question in proposal.questions},
        "next": proposal.next_steps,
    }


def _show_assumed(proposal: Proposal) -> None:
    """What `--yes` decided in a person's place."""
    if not proposal.questions:
        return
    out().print(f"\n[bold]{say('init.assumed')}[/bold]")
    for question in proposal.questions:
        answer = dict(question.choices)[question.default]
        out().print(f"  {say('init.answered', question=question.text, answer=answer)}", markup=False)


def _show(created: Created) -> None:
    language = reader_language()
    proposal = created.proposal
    for title, lines in (
        ("init.understood", proposal.understood),
        ("init.unmapped", proposal.unmapped),
        ("init.next", proposal.next_steps),
    ):
        if lines:
            out().print(f"\n[bold]{say(title)}[/bold]")
        for line in lines:
            out().print(f"  {line.render(language)}", markup=False)
    print_issues(created.issues, limit=5)
    out().print(say("init.wrote", files=", ".join(str(each) for each in created.files)), markup=False)
