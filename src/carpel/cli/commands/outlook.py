"""`carpel outlook CUSTOMER...`: what models say of customers, and why."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import out, print_json, wants_json
from carpel.runs.views.outlook import Outlook
from carpel.workspace import open as open_workspace


@click.command(name="outlook", cls=Command)
@click.argument("customers", metavar="CUSTOMER...", nargs=-1, required=True)
@common_options
def command(customers: tuple[str, ...]) -> None:
    """See help.outlook."""
    with open_workspace(workspace_folder()) as workspace:
        found = dict(zip(customers, workspace.outlooks(customers), strict=True))
    if wants_json():
        records = [_record(customer, found[customer]) for customer in customers]
        print_json(records if len(customers) > 1 else records[0])
        return
    for customer, outlooks in found.items():
        out().print(customer, style="bold", markup=False)
        if not outlooks:
            out().print(say("outlook.nothing"))
        for each in outlooks:
            _show(each, reader_language())


def _record(customer: str, outlooks: tuple[Outlook, ...]) -> dict[str, Any]:
    return {"customer_id": customer, "models": [_of_model(each) for each in outlooks]}


def _of_model(outlook: Outlook) -> dict[str, Any]:
    return {
        "model": outlook.model,
        "asks": outlook.asks,
        "answers": [
            {
                "attribute": each.attribute.key,
                "label": each.attribute.label,
                "said": each.shown,
                "low": each.low,
                "high": each.high,
            }
            for each in outlook.answers
        ],
        "reasons": [
            {"attribute": each.of, "said": each.said, "supports": each.supports, "weight": each.weight}
            for each in outlook.reasons
        ],
    }


def _show(outlook: Outlook, language: str) -> None:
    out().print()
    out().print(outlook.asks.render(language), markup=False)
    for each in outlook.answers:
        ends = f" ({each.low.render(language)} – {each.high.render(language)})" if each.low and each.high else ""
        out().print(f"  {each.attribute.label.render(language)}: {each.shown.render(language)}{ends}", markup=False)
    for reason in outlook.reasons:
        out().print(f"  {'+' if reason.supports else '-'} {reason.said.render(language)}", markup=False)
    out().print()
