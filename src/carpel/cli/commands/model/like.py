"""`carpel model like SEGMENT`: the leads who are most like a segment's customers."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, Option, reader_language, say
from carpel.cli.commands.model.showing import show
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.runs.liking import LikeSegment
from carpel.workspace import open as open_workspace


@click.command(name="like", cls=Command, within="model")
@click.argument("segment")
@click.option("--top", cls=Option, type=click.IntRange(1, 10_000), default=20, metavar="N", help="option.top")
@common_options
def command(segment: str, top: int) -> None:
    """See help.model.like."""
    with open_workspace(workspace_folder()) as workspace:
        found = workspace.models.like(segment, most=top)
    if wants_json():
        print_json(_record(found))
        return
    show(found.card)
    if found.leads:
        _show(found, reader_language())


def _show(found: LikeSegment, language: str) -> None:
    out().print()
    grid = Grid([say("model.lead"), f">{say('model.likeness')}", say("model.because")])
    for customer, each in found.leads:
        why = next((reason.said.render(language) for reason in each.reasons if reason.supports), "")
        grid.rows.append([customer, f"{each.likeness:.3f}", why])
    grid.show()


def _record(found: LikeSegment) -> dict[str, Any]:
    return {
        "segment": found.segment,
        "card": found.card.recorded(),
        "leads": [
            {
                "customer_id": customer,
                "likeness": each.likeness,
                "reasons": [{"said": reason.said, "supports": reason.supports} for reason in each.reasons],
            }
            for customer, each in found.leads
        ],
        "reach": [{"likeness": each.likeness, "leads": each.leads, "share": each.share} for each in found.reach],
    }
