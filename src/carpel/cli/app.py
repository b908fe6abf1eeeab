"""The command `carpel`: its groups, its exit codes, and what surrounds every command."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar

import click

from carpel import __version__
from carpel.cli.click_translated import Group, Language, Option, called, given, remember, say
from carpel.cli.interrupts import Interrupts
from carpel.cli.output import err, print_error, print_usage_error
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.texts import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])

COMMANDS = (
    "demo", "init", "check", "run", "status", "segments", "explain", "outlook", "attributes", "export", "sql", "replay",
    "plan", "publish", "scheme", "model", "serve",
)  # fmt: skip
WRONG_USAGE = 2
FOLDER = click.Path(path_type=Path)
LANGUAGE_NAMES = "|".join(LANGUAGES)
STOPPED = 130


def shared_option(*names: str, **settings: Any) -> Callable[[F], F]:
    """An option that may stand before or after a command's name."""
    return click.option(*names, cls=Option, expose_value=False, callback=remember, **settings)


workspace_option = shared_option("--workspace", "-w", metavar="DIR", type=FOLDER, help="option.workspace")
lang_option = shared_option("--lang", type=Language(), metavar=LANGUAGE_NAMES, is_eager=True, help="option.lang")
json_option = shared_option("--json", is_flag=True, is_eager=True, help="option.json")


@click.group(
    name="carpel",
    cls=Group,
    package="carpel.cli.commands",
    names=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@workspace_option
@lang_option
@click.version_option(__version__, cls=Option, help="option.version", message="carpel %(version)s")
def carpel() -> None:
    """The group that holds every command."""


def common_options(command: F) -> F:
    """Give a command `--json`, and after its name too `--workspace` and `--lang`."""
    return json_option(workspace_option(lang_option(command)))


def workspace_folder() -> Path:
    """The folder that `--workspace` or the current directory names."""
    return given("workspace") or Path.cwd()


def main(arguments: list[str] | None = None) -> None:
    """Run a command and leave with its exit code: 0 done, 1 an error that was told, 2 wrong usage."""
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: list[str]) -> int:
    """Run a command; gives the exit code."""
    try:
        with Interrupts() as interrupts, carpel.make_context("carpel", arguments) as context:
            return _invoked(context, interrupts, as_json="--json" in arguments)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.UsageError as error:
        return _tell_wrong_usage(error, as_json="--json" in arguments)


def _invoked(context: click.Context, interrupts: Interrupts, *, as_json: bool) -> int:
    """Run what the context names, while the reader's options are known."""
    try:
        result = carpel.invoke(context)
    except click.exceptions.Exit:
        # A command's help was asked for and shown.
        raise
    except click.UsageError as error:
        return _tell_wrong_usage(error, as_json=as_json)
    except BrokenPipeError:
        # The reader of our output, such as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  a person gets a sentence, not a traceback
        return _ended_by(error, stopped=interrupts.came)
    return result if isinstance(result, int) else 0


def _ended_by(error: Exception | KeyboardInterrupt, *, stopped: bool) -> int:
    """Tell what ended a command; gives the exit code."""
    if stopped or isinstance(error, click.Abort | KeyboardInterrupt):
        err().print(say("stopped"))
        return STOPPED
    print_error(_told(error))
    return 1


def _unexpected(error: Exception) -> CarpelError:
    """A defect of ours, with its traceback in a file for those who mend it."""
    with NamedTemporaryFile("w", prefix="carpel-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.writelines(traceback.format_exception(error))
    return CarpelError("cli.unexpected", problem=type(error).__name__, file=file.name)


def _told(error: Exception) -> CarpelError:
    """What went wrong, in words of our own."""
    if isinstance(error, CarpelError):
        return error
    if isinstance(error, MemoryError):
        return CarpelError("cli.out-of-memory")
    if not isinstance(error, OSError):
        return _unexpected(error)
    place = str(error.filename) if error.filename else None
    return CarpelError("cli.system", problem=error.strerror or str(error), place=place)


def _tell_wrong_usage(error: click.UsageError, *, as_json: bool) -> int:
    context = error.ctx
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.message, err=True)
        return WRONG_USAGE
    path = context.command_path if context else "carpel"
    if as_json:
        print_usage_error(_usage_problem(error), path)
        return WRONG_USAGE
    err().print(f"[bold red]✗[/bold red] {_usage_problem(error)}")
    err().print(say("see-help", command=f"{path} --help"), style="dim")
    return WRONG_USAGE


def _parameter_problem(error: click.BadParameter) -> str:
    name = called(error.param) if error.param else ""
    if isinstance(error, click.MissingParameter):
        return say("missing", name=name)
    return say("bad-value", name=name, problem=_value_problem(error))


def _value_problem(error: click.BadParameter) -> str:
    match error.param and error.param.type:
        case click.Choice(choices=choices):
            return say("choose-one", choices=", ".join(str(each) for each in choices))
        case click.IntRange(min=least):
            return say("whole-number", least=least or 0)
        case click.types.IntParamType():
            return say("any-whole-number")
        case _:
            return error.message


def _usage_problem(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        known = [name for each in error.ctx.command.params for name in each.opts] if error.ctx else []
        return say("no-such-option", name=error.option_name, hint=nearest(error.option_name, known))
    if isinstance(error, click.BadParameter):
        return _parameter_problem(error)
    if isinstance(error, click.BadOptionUsage):
        return say("takes-a-value" if "requires" in error.message else "takes-no-value", name=error.option_name)
    if error.message.startswith("Got unexpected extra argument"):
        return say("not-expected", arguments=error.message.partition("(")[2].rstrip(")"))
    group = error.ctx.command if error.ctx else None
    if isinstance(group, click.Group) and error.ctx and error.message.startswith(("No such command", "Error: No such")):
        name = error.message.split("'")[1]
        return say("no-such-command", name=name, hint=nearest(name, group.list_commands(error.ctx)))
    return error.message
