"""`carpel scheme membership CUSTOMER`: where one customer has been, run by run, kept or not."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.kernel.errors import CarpelError
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, Text, text
from carpel.runs.moves import Membership
from carpel.schemes import Scheme
from carpel.workspace import open as open_workspace


@click.command(name="membership", cls=Command, within="scheme")
@click.argument("customer", metavar="CUSTOMER")
@common_options
def command(customer: str) -> None:
    """See help.scheme.membership."""
    with open_workspace(workspace_folder()) as workspace:
        stays = workspace.memberships(customer)
        run = workspace.current
    if not stays:
        raise CarpelError("workspace.no-membership", place=customer)
    if wants_json():
        print_json([record(each, run.currency) for each in stays])
    else:
        show(stays, run.scheme, run.currency)


def record(stay: Membership, currency: Currency) -> dict[str, Any]:
    """A stay for scripts."""
    money = None if stay.revenue is None else currency.major(stay.revenue)
    return {"segment": stay.segment, "from": stay.start, "until": stay.end, "days": stay.days, "revenue": money}


def show(stays: tuple[Membership, ...], scheme: Scheme, currency: Currency) -> None:
    """One line per stay."""
    heads = (say("moves.since"), say("moves.until"))
    grid = Grid([say("segments.segment"), *heads, ">" + say("moves.days"), ">" + say("moves.money-then")])
    for each in stays:
        money = "" if each.revenue is None else currency.shown(each.revenue, reader_language(), whole=True)
        until, days = (str(each.end), str(each.days)) if each.end else (say("moves.still"), "")
        grid.rows.append([_label(scheme, each.segment).render(reader_language()), str(each.start), until, days, money])
    out().print(say("moves.membership", count=len(stays)), style="bold", markup=False)
    grid.show()


def _label(scheme: Scheme, segment: str | None) -> Labels | Text:
    if segment is None:
        return text("workspace.moves-outside")
    return scheme.title(segment) if segment in scheme.paths else Labels({"en": segment})
