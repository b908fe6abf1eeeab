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
        catalogue = workspace.attributes()
    available, missing = list(catalogue.available.values()), list(catalogue.unavailable.values())
    if wants_json():
        print_json({"available": [_record(each) for each in available], "unavailable": [_wants(e) for e in missing]})
        return
    language = reader_language()
    heads = ("attribute", "family", "type", "meaning")
    grid = Grid([say(f"attributes.{name}") for name in heads])
    for each in available:
        grid.rows.append([each.key, each.family.value, each.type.value, each.description.render(language)])
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
