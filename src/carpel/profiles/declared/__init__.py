"""The built-in attributes, one module for each fact table or kind of derivation, in the catalogue's order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carpel.profiles.declarations import Declaration, Pass
from carpel.profiles.declared import (
    channels,
    contracts,
    costs,
    customers,
    feedback,
    invoices,
    lines,
    opportunities,
    orders,
    people,
    relationship,
    service,
    stages,
    usage,
)

_READING: Final = (
    *(orders, channels, lines, contracts, invoices, opportunities, service, feedback, usage, people, costs),
)

BUILT_IN: Final[Mapping[str, Declaration]] = {
    declaration.key: declaration
    for module in (customers, relationship, orders, stages, *_READING[1:])
    for declaration in module.ATTRIBUTES
}
"""Every built-in attribute by key. Keys that begin with `__` are steps on the way and never shown."""

PASSES: Final[Mapping[str, Pass]] = {each.name: each for module in _READING for each in module.PASSES}
"""Every pass by name."""


def pass_of(declaration: Declaration) -> Pass | None:
    """The pass that computes an attribute; None where it needs none."""
    return declaration.chain or PASSES.get(declaration.reads)
