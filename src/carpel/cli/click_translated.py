"""Commands whose help and mistakes are told in the reader's language."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import click

from carpel.kernel.texts import DEFAULT_LANGUAGE, LANGUAGES, language_of, text


def remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Callback of options that every command shares: kept for the whole invocation, wherever they stand."""
    if value:
        context.meta[f"carpel.{parameter.name}"] = value


def given(name: str) -> Any:
    """The value of a shared option; None where it was not given."""
    context = click.get_current_context(silent=True)
    return context and context.meta.get(f"carpel.{name}")


def reader_language() -> str:
    """The language asked for by `--lang`, else CARPEL_LANG, else the environment's locale."""
    return language_of(given("lang") or _environment_language())


def _environment_language() -> str | None:
    names = ("CARPEL_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    return next((os.environ[name] for name in names if os.environ.get(name)), None)


def say(key: str, /, **params: Any) -> str:
    """A sentence of the `cli` catalogue in the reader's language."""
    return text(f"cli.{key}", **params).render(reader_language())


class Language(click.ParamType[str]):
    """One of the four languages, or a locale that one of them serves, such as `zh_TW`."""

    name = "language"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The wish itself; another language than the four is a mistake and no reason to speak English."""
        if language_of(value) == DEFAULT_LANGUAGE and not value.lower().startswith(DEFAULT_LANGUAGE):
            self.fail(say("no-such-language", value=value, known=", ".join(LANGUAGES)), param, ctx)
        return value


class Option(click.Option):
    """An option whose help is a message key."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Its names and its translated help."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        help_text = say(self.help) if self.help else ""
        shown = self.get_default(ctx) if self.show_default else None
        return record[0], help_text if shown is None else say("default", help=help_text, value=str(shown))


def called(parameter: click.Parameter) -> str:
    """What a parameter is called by whoever types it: `--to`, `CUSTOMER`."""
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.make_metavar(click.get_current_context(silent=True) or click.Context(click.Command(None)))


class Command(click.Command):
    """A command whose help is a message key: `help.<name>`, within a group `help.<group>.<name>`.

    Attributes:
        within: The group that it belongs to; None at the top.
    """

    def __init__(self, *arguments: Any, within: str | None = None, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.within = within

    @property
    def help_text(self) -> str:
        """What it does, in the reader's language."""
        return say(".".join(("help", *filter(None, (self.within, self.name)))))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's, with help read last: by then the language is known."""
        return super().parse_args(ctx, _help_last(args, ctx.help_option_names))

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first line of its help, however long: the table wraps it."""
        del limit
        return self.help_text.split("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Usage: carpel …`."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), say("usage") + " ")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """As click's, with a translated word for options."""
        pieces = super().collect_usage_pieces(ctx)
        return [say("options-placeholder") if piece == "[OPTIONS]" else piece for piece in pieces]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it does."""
        del ctx
        formatter.write_paragraph()
        with formatter.indentation():
            for paragraph in self.help_text.split("\n"):
                formatter.write_text(paragraph)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its options."""
        given = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        records = [record for each in given if (record := each.get_help_record(ctx))]
        if records:
            with formatter.section(say("options")):
                formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, translated."""
        found = super().get_help_option(ctx)
        if found and not isinstance(found, Option):
            found.__class__, found.help = Option, "option.help"
        return found


class Group(Command, click.Group):
    """Commands under one name, each a module that is imported when it is called.

    Attributes:
        package: Where the modules are.
        names: The commands, in the order in which people need them.
    """

    def __init__(self, *arguments: Any, package: str, names: tuple[str, ...], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.package = package
        self.names = names

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; None where there is none."""
        del ctx
        if cmd_name not in self.names:
            return None
        found: click.Command = import_module(f"{self.package}.{cmd_name.replace('-', '_')}").command
        return found

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which people need them."""
        del ctx
        return list(self.names)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Its options, then its commands."""
        super().format_options(ctx, formatter)
        own = self.name if ctx.parent else None
        above = ".".join(("help", *(each for each in (self.within, own) if each)))
        with formatter.section(say("commands")):
            formatter.write_dl([(name, say(f"{above}.{name}").split("\n")[0]) for name in self.names])


def _help_last(arguments: list[str], names: list[str]) -> list[str]:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    asked = [each for each in arguments[:end] if each in names]
    rest = [each for each in arguments[:end] if each not in names]
    return [*rest, *asked[:1], *arguments[end:]]
