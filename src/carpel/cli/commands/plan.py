"""`carpel plan`: what publishing the scheme's file would change."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command
from carpel.cli.commands.scheme.planned import show_plan
from carpel.cli.commands.scheme.showing import difference_record
from carpel.cli.output import issue_record, print_json, wants_json
from carpel.cli.progress import TerminalProgress
from carpel.runs import Flow, Plan
from carpel.workspace import open as open_workspace


@click.command(name="plan", cls=Command)
@common_options
def command() -> None:
    """See help.plan."""
    with open_workspace(workspace_folder()) as workspace, TerminalProgress() as progress:
        plan = workspace.plan(progress=progress)
    if wants_json():
        print_json(_record(plan))
    else:
        show_plan(plan)


def _record(plan: Plan) -> dict[str, Any]:
    return {
        "scheme": plan.scheme,
        "version": plan.version,
        "run": plan.run,
        "as_of": plan.as_of,
        "currency": plan.currency.code,
        "moving": plan.moving,
        "divided": plan.divided,
        "staying": plan.staying,
        "difference": difference_record(plan.difference),
        "moves": [_move(each, plan) for each in plan.moves],
        "segments": _sizes(plan),
        "touched": _touched(plan),
        "budgets": _budgets(plan),
        "issues": [issue_record(each) for each in plan.issues],
    }


def _move(flow: Flow, plan: Plan) -> dict[str, Any]:
    return {
        "from": flow.before,
        "to": flow.after,
        "customers": flow.customers,
        "revenue": _major(flow.revenue, plan),
    }


def _sizes(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key,
            "label": each.label,
            "customers_before": each.customers_before,
            "customers_after": each.customers_after,
            "revenue_before": _major(each.revenue_before, plan),
            "revenue_after": _major(each.revenue_after, plan),
        }
        for each in plan.sizes
    ]


def _touched(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "kind": each.kind,
            "name": each.name,
            "gains": each.gains,
            "loses": each.loses,
            "revenue": _major(each.revenue, plan),
        }
        for each in plan.touched
    ]


def _budgets(plan: Plan) -> list[dict[str, Any]]:
    return [
        {
            "segment": each.segment,
            "from_month": each.from_month,
            "amount": _major(each.amount, plan),
            "goes": each.goes,
            "gains": each.gains,
            "loses": each.loses,
        }
        for each in plan.budgets
    ]


def _major(minor: int | None, plan: Plan) -> Any:
    return None if minor is None else plan.currency.major(minor)
