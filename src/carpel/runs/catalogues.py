"""The attributes of a run as JSON: a run can be read when its facts are long gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from carpel.kernel.messages import parameter_from_json, parameter_to_json
from carpel.kernel.texts import Labels, Text
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Better, Catalogue, Family, Unavailable, Unit


def catalogue_to_json(catalogue: Catalogue) -> dict[str, Any]:
    """What a catalogue offers and what it lacks, without how it is computed."""
    return {
        "available": [_to_json(each) for each in catalogue.available.values()],
        "unavailable": [_to_json(each.attribute) | {"wants": each.wants} for each in catalogue.unavailable.values()],
    }


def catalogue_from_json(raw: Mapping[str, Any]) -> Catalogue:
    """What `catalogue_to_json` gave."""
    available = [_from_json(each) for each in raw["available"]]
    lacking = [Unavailable(attribute=_from_json(each), wants=tuple(each["wants"])) for each in raw["unavailable"]]
    return Catalogue(
        available={each.key: each for each in available},
        unavailable={each.attribute.key: each for each in lacking},
    )


def _to_json(attribute: Attribute) -> dict[str, Any]:
    return {
        "key": attribute.key,
        "family": attribute.family.value,
        "type": attribute.type.value,
        "unit": attribute.unit.value,
        "label": parameter_to_json(attribute.label),
        "description": parameter_to_json(attribute.description),
        "needs": sorted(attribute.needs),
        "changeable": attribute.changeable,
        "better": attribute.better.value,
        "values": list(attribute.values),
        "personal": attribute.personal,
        "as_known_today": attribute.as_known_today,
        "known_since": attribute.known_since.isoformat() if attribute.known_since else None,
    }


def _from_json(raw: Mapping[str, Any]) -> Attribute:
    return Attribute(
        key=raw["key"],
        family=Family(raw["family"]),
        type=ValueType(raw["type"]),
        unit=Unit(raw["unit"]),
        label=_words(raw["label"]),
        description=_words(raw["description"]),
        needs=frozenset(raw["needs"]),
        changeable=raw["changeable"],
        better=Better(raw.get("better", Better.EITHER)),
        values=tuple(raw["values"]),
        personal=raw["personal"],
        as_known_today=raw["as_known_today"],
        known_since=datetime.fromisoformat(raw["known_since"]) if raw.get("known_since") else None,
    )


def _words(raw: Any) -> Text | Labels:
    words = parameter_from_json(raw)
    if not isinstance(words, Text | Labels):
        raise TypeError(raw)
    return words
