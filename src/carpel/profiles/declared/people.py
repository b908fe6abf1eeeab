"""What contacts say: the people of an organisation whom the company knows."""

from __future__ import annotations

from typing import Final

from carpel.kernel.types import ValueType
from carpel.profiles.arithmetic import count
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration, Pass

PASSES: Final = (Pass(name="contacts", table="contacts"),)

ATTRIBUTES: Final = (
    Declaration(
        key="contacts_count",
        family=Family.FIRMOGRAPHIC,
        type=ValueType.INTEGER,
        unit=Unit.COUNT,
        reads="contacts",
        expression=lambda rows, _: count(rows),
        empty=0,
        changeable=True,
        as_known_today=True,
    ),
    Declaration(
        key="decision_makers",
        family=Family.FIRMOGRAPHIC,
        type=ValueType.INTEGER,
        unit=Unit.COUNT,
        reads="contacts",
        wants=("contacts.decision_maker",),
        expression=lambda rows, _: count(rows, rows.decision_maker),
        empty=0,
        changeable=True,
        as_known_today=True,
    ),
    Declaration(
        key="contact_roles",
        family=Family.FIRMOGRAPHIC,
        type=ValueType.SET,
        reads="contacts",
        wants=("contacts.role",),
        expression=lambda rows, _: rows.role.collect(distinct=True).sort(),
        empty=(),
        changeable=True,
        as_known_today=True,
    ),
)
