"""A plan as people read it: what changes, who moves, what that touches."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from babel.numbers import format_decimal

from carpel.cli.click_translated import reader_language, say
from carpel.cli.commands.scheme.showing import show_changes
from carpel.cli.output import Grid, out, print_issues
from carpel.kernel.texts import locale_of
from carpel.runs import Flow, Plan

_MOST: Final = 20
"""Moves that are shown; `--json` gives all."""
_BAR: Final = 12


def show_plan(plan: Plan) -> None:
    """The whole plan, the most important first."""
    if not plan.difference.lines and not plan.moves:
        out().print(say("plan.nothing"))
        return
    _show_head(plan)
    if plan.moves and not plan.difference.logic:
        # Not by the draft: facts or a version that no run has used yet.
        out().print(say("plan.without-draft"))
    else:
        show_changes(plan.difference)
    if plan.moves:
        _show_moves(plan)
        _show_flow(plan)
    _show_sizes(plan)
    _show_touched(plan)
    _show_budgets(plan)
    if plan.issues:
        _head("plan.issues")
        print_issues(plan.issues, limit=8)
    out().print(f"\n{say('plan.unchanged')}", style="dim")


def _show_head(plan: Plan) -> None:
    customers, elsewhere = plan.moving + plan.staying, plan.moving - plan.divided
    out().print(say("plan.head", moving=elsewhere, customers=customers, day=plan.as_of), style="bold")
    if plan.divided:
        out().print(say("plan.divides", count=plan.divided), style="bold")


def _show_moves(plan: Plan) -> None:
    _head("plan.moves")
    grid = Grid([say("plan.from"), say("plan.to"), ">" + say("segments.customers")])
    if _valued(plan):
        grid.heads = [*grid.heads, ">" + say("segments.revenue")]
    for flow in plan.moves[:_MOST]:
        money = [_money(flow.revenue, plan)] if _valued(plan) else []
        grid.rows.append([_name(flow.before, plan), _name(flow.after, plan), _number(flow.customers), *money])
    grid.show()
    if len(plan.moves) > _MOST:
        out().print(say("plan.more-moves", count=len(plan.moves) - _MOST), style="dim")


def _show_flow(plan: Plan) -> None:
    """Arrows from each segment to those that its customers would go to, as thick as they are many."""
    _head("plan.flow")
    shown = plan.moves[:_MOST]
    most = max(each.customers for each in shown)
    places = {key: position for position, key in enumerate(dict.fromkeys(each.before for each in shown))}
    in_order = sorted(shown, key=lambda each: places[each.before])
    for before, group in groupby(in_order, key=lambda each: each.before):
        flows = list(group)
        out().print(_name(before, plan), style="bold", markup=False)
        for flow in flows:
            branch = "└" if flow is flows[-1] else "├"
            out().print(
                f"  {branch}─{_arrow(flow, most)} {_carried(flow, plan)}  {_name(flow.after, plan)}", markup=False
            )


def _arrow(flow: Flow, most: int) -> str:
    thick = max(1, round(flow.customers / most * _BAR))
    return "━" * thick + "─" * (_BAR - thick) + "▶"


def _carried(flow: Flow, plan: Plan) -> str:
    money = f" · {_money(flow.revenue, plan)}" if _valued(plan) else ""
    return f"{_number(flow.customers)}{money}"


def _show_sizes(plan: Plan) -> None:
    _head("plan.sizes")
    customers, revenue = say("segments.customers"), say("segments.revenue")
    grid = Grid([say("segments.segment"), f">{customers}", f">{say('plan.after')}"])
    if _valued(plan):
        grid.heads = [*grid.heads, f">{revenue}", f">{say('plan.after')}"]
    for each in plan.sizes:
        money = [_money(each.revenue_before, plan), _money(each.revenue_after, plan)] if _valued(plan) else []
        after = say("plan.in-parts") if plan.refines(each.key) else _number(each.customers_after)
        sizes = [_number(each.customers_before), after]
        if each.key or any(size not in {"0", ""} for size in sizes):
            grid.rows.append([_name(each.key, plan), *sizes, *money])
    grid.show()


def _show_touched(plan: Plan) -> None:
    if not plan.touched:
        return
    _head("plan.touched")
    grid = Grid(["", "", f">{say('plan.gains')}", f">{say('plan.loses')}"])
    if _valued(plan):
        grid.heads = [*grid.heads, ">" + say("segments.revenue")]
    for each in plan.touched:
        money = [_money(each.revenue, plan)] if _valued(plan) else []
        grid.rows.append([say(f"plan.{each.kind}"), each.name, _number(each.gains), _number(each.loses), *money])
    grid.show()


def _show_budgets(plan: Plan) -> None:
    if not plan.budgets:
        return
    _head("plan.budgets")
    for each in plan.budgets:
        key = "plan.budget-goes" if each.goes else "plan.budget"
        amount = plan.currency.shown(each.amount, reader_language(), whole=True)
        line = say(key, segment=each.segment, amount=amount, month=each.from_month, gains=each.gains, loses=each.loses)
        out().print(f"  · {line}", markup=False)


def _head(key: str) -> None:
    out().print(f"\n{say(key)}", style="bold", markup=False)


def _name(key: str | None, plan: Plan) -> str:
    return plan.label(key).render(reader_language()) if key else say("segments.rest.outside_base")


def _valued(plan: Plan) -> bool:
    return any(each.revenue is not None for each in plan.flows)


def _number(value: int | None) -> str:
    return "" if value is None else str(format_decimal(value, locale=locale_of(reader_language())))


def _money(minor: int | None, plan: Plan) -> str:
    return "" if minor is None else plan.currency.shown(minor, reader_language(), whole=True)
