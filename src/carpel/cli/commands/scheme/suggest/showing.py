"""What the commands of `carpel scheme suggest` have in common: options, amounts, the change and its writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import click
from babel.numbers import format_decimal

from carpel.cli.click_translated import Option, reader_language, say
from carpel.cli.output import out, wants_json
from carpel.kernel.errors import CarpelError
from carpel.kernel.money import Currency
from carpel.kernel.texts import locale_of
from carpel.workspace import Workspace
from carpel.workspace.refining import ReadyChange, apply

F = TypeVar("F", bound=Callable[..., Any])
MOST: Final = 10**15


class Amount(click.ParamType[Decimal]):
    """An amount of money, such as 1500 or 99.50; never below nothing."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The amount."""
        try:
            amount = Decimal(value)
        except (InvalidOperation, TypeError):
            self.fail(say("suggest.not-an-amount", value=str(value)), param, ctx)
        if not amount.is_finite() or not 0 <= amount <= MOST:
            self.fail(say("suggest.not-an-amount", value=str(value)), param, ctx)
        return amount


days_option = click.option("--days", cls=Option, type=click.IntRange(1), metavar="N", help="option.days")
cost_option = click.option("--cost", cls=Option, type=Amount(), metavar="AMOUNT", help="option.cost")
pick_option = click.option("--pick", cls=Option, type=click.IntRange(1), metavar="N", help="option.pick")
apply_option = click.option("--apply", "write", cls=Option, is_flag=True, help="option.apply")


def shared_options(command: F) -> F:
    """The options of both commands."""
    for option in (apply_option, pick_option, cost_option, days_option):
        command = option(command)
    return command


def picked(changes: Sequence[ReadyChange], pick: int | None, first: int | None) -> int | None:
    """The position of the suggestion that is shown in full, and written where that is asked for.

    Args:
        changes: All of them.
        pick: Which was asked for, from 1 on.
        first: Which is shown unasked; None where none is worth it.
    """
    if pick is None:
        return first
    if pick > len(changes):
        raise CarpelError("cli.suggest.no-such-suggestion", number=pick, count=len(changes))
    return pick - 1


def write_change(workspace: Workspace, changes: Sequence[ReadyChange], at: int | None) -> None:
    """Write a suggestion into the scheme's file, and say what comes next."""
    if at is None:
        raise CarpelError("cli.suggest.nothing-to-apply")
    file = apply(workspace, changes[at])
    if not wants_json():
        out().print(say("suggest.written", file=file.relative_to(workspace.settings.folder)), markup=False)


def show_change(changes: Sequence[ReadyChange], at: int) -> None:
    """What to write, or why it cannot be written by itself."""
    change = changes[at]
    if change.problem:
        out().print(change.problem.render(reader_language()), markup=False)
    elif change.yaml:
        out().print(say("suggest.change", number=at + 1), style="bold")
        out().print(change.yaml.rstrip("\n"), markup=False, soft_wrap=True, style="green")


def show_cost(cost: int, currency: Currency, *, known: bool) -> None:
    """What one more segment costs, or that nobody knows."""
    amount = currency.shown(cost, reader_language(), whole=True)
    out().print(say("suggest.cost", amount=amount) if known else say("suggest.cost-unknown"), style="dim")


def money(minor: float, currency: Currency) -> str:
    """An amount without its minor unit."""
    return currency.shown(round(minor), reader_language(), whole=True)


def number(value: int) -> str:
    """A count."""
    return str(format_decimal(value, locale=locale_of(reader_language())))


def major(minor: float, currency: Currency) -> Decimal:
    """An amount for scripts."""
    return currency.major(round(minor))
