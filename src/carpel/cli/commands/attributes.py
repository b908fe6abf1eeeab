"""`carpel attributes`: what rules may name."""

from __future__ import annotations

from typing import Any

import click

from carpel.cli.app import common_options, workspace_folder
from carpel.cli.click_translated import Command, reader_language, say
from carpel.cli.output import Grid, out, print_json, wants_json
from carpel.profiles import Attribute, Unavailable
from carpel.workspace import open as open_workspace


@click.command(name="attributes", cls=Command)
@common_options
def command() -> None:
    """See help.attributes."""
    with open_workspace(workspace_folder()) as workspace:
        catalogue, current = workspace.attributes(), workspace.runs.current()
    held = current.catalogue.available if current else {}
    available, missing = list(catalogue.available.values()), list(catalogue.unavailable.values())
    if wants_json():
        print_json(
            {
                "available": [_record(each) | {"in_current_run": each.key in held} for each in available],
                "unavailable": [_wants(e) for e in missing],
            }
        )
        return
    language = reader_language()
    heads = ("attribute", "family", "type", "meaning")
    grid = Grid([say(f"attributes.{name}") for name in heads], lesser=(2, 1))
    for each in available:
        meaning = each.description.render(language)
        if current and each.key not in held:
            meaning = say("attributes.from-next-run", meaning=meaning)
        words = (each.family.label.render(language), each.type_label.render(language))
        grid.rows.append([each.key, *words, meaning])
    grid.show()
    if missing:
        out().print(f"\n[bold]{say('attributes.unavailable')}[/bold]")
        rest = Grid([say("attributes.attribute"), say("attributes.wants")])
        rest.rows += [[each.attribute.key, ", ".join(each.wants)] for each in missing]
        rest.show()


def _record(attribute: Attribute) -> dict[str, Any]:
    return {
        "key": attribute.key,
        "family": attribute.family,
        "type": attribute.type,
        "unit": attribute.unit,
        "label": attribute.label,
        "description": attribute.description,
        "changeable": attribute.changeable,
        "values": attribute.values,
    }


def _wants(missing: Unavailable) -> dict[str, Any]:
    return {"key": missing.attribute.key, "label": missing.attribute.label, "wants": missing.wants}
