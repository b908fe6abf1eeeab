"""`carpel explain CUSTOMER...`: why customers are in their segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import out, print_json, wants_json
from carpel.kernel.types import ValueType
from carpel.schemes import Change
from carpel.workspace import Customer, Run
from carpel.workspace import open as open_workspace


@click.command(name="explain", cls=Command)
@click.argument("customers", metavar="CUSTOMER...", nargs=-1, required=True)
@common_options
def command(customers: tuple[str, ...]) -> None:
    """See help.explain."""
    with open_workspace(workspace_folder()) as workspace:
        found = workspace.customers(customers)
        if wants_json():
            records = [_record(customer) for customer in found]
            print_json(records if len(customers) > 1 else records[0])
        else:
            _show_all(found, reader_language())


def _record(customer: Customer) -> dict[str, Any]:
    why = customer.why()
    change = why.would_change
    return {
        "customer_id": why.customer_id,
        "segment": why.segment,
        "path": why.path,
        "segment_by_rule": why.by_rule,
        "held_until": why.held_until,
        "sentence": why.sentence,
        "because": why.because,
        "runner_up": why.runner_up,
        "would_change": change
        and {
            "segment": change.segment,
            "from_day": change.from_day,
            "attributes": _changes(change, customer.run),
            "sentence": why.change,
        },
    }


def _changes(change: Change, run: Run) -> list[dict[str, Any]]:
    return [
        {"attribute": name, "before": _plain(name, before, run), "after": _plain(name, after, run)}
        for name, before, after in change.attributes
    ]


def _plain(attribute: str, stored: Any, run: Run) -> Any:
    """A value as scripts read it: money in major units, as everywhere in JSON."""
    of = run.catalogue.available.get(attribute)
    is_money = of and of.type is ValueType.MONEY and stored is not None
    return run.currency.major(stored) if is_money else stored


def _show_all(customers: Sequence[Customer], language: str) -> None:
    for place, customer in enumerate(customers):
        if place:
            out().print()
        _show(customer, language)


def _show(customer: Customer, language: str) -> None:
    why = customer.why()
    if why.segment is None:
        out().print(say("explain.outside", customer=customer.id), style="bold", markup=False)
    else:
        place = " › ".join(label.render(language) for label in customer.labels)
        out().print(say("explain.in", customer=customer.id, segment=place), style="bold", markup=False)
    out().print(say("explain.because"))
    for reason in why.because:
        out().print(f"  · {reason.render(language)}", markup=False)
    if why.runner_up:
        runner_up = customer.label(why.runner_up)
        out().print(say("explain.runner-up", segment=runner_up), markup=False)
    out().print(f"{say('explain.would-change')}: {why.change.render(language)}", markup=False)
