"""What models say of a customer, as attributes of the catalogue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from carpel.crm import Facts
from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.models.learning import Model
from carpel.profiles import Attribute, Better, Catalogue, Family, Unavailable, Unit
from carpel.profiles.available import lacking

LOW, HIGH = "_low", "_high"


def answer(
    key: str,
    of: ValueType,
    unit: Unit = Unit.NONE,
    better: Better = Better.EITHER,
    values: Collection[str] = (),
) -> Attribute:
    """An attribute that a model gives; its words are `models.attribute-<key>` and the same with `-help`."""
    dashed = key.replace("_", "-")
    return Attribute(
        key=key,
        family=Family.MODEL,
        type=of,
        unit=unit,
        label=text(f"models.attribute-{dashed}"),
        description=text(f"models.attribute-{dashed}-help"),
        better=better,
        values=tuple(values),
    )


def with_interval(attribute: Attribute) -> tuple[Attribute, Attribute, Attribute]:
    """An attribute and the two ends of its 95 % interval."""
    ends = (
        replace(
            attribute,
            key=attribute.key + end,
            label=text(f"models.attribute-end{end.replace('_', '-')}", attribute=attribute.label),
            description=text(f"models.attribute-end{end.replace('_', '-')}-help", attribute=attribute.label),
        )
        for end in (LOW, HIGH)
    )
    return (attribute, *ends)  # type: ignore[return-value]


def is_end(key: str, catalogue: Catalogue) -> bool:
    """Whether an attribute is an end of the interval of another."""
    return any(key.endswith(end) and key.removesuffix(end) in catalogue.available for end in (LOW, HIGH))


def with_models(
    catalogue: Catalogue, models: Collection[Model], facts: Facts, keep: Collection[str] | None = None
) -> Catalogue:
    """A catalogue with what these models say, or with what they want of facts that are not there.

    Args:
        catalogue: The attributes of facts.
        models: Those that are asked.
        facts: The staged facts.
        keep: Only these of the models' attributes. None keeps all.
    """
    available, unavailable = dict(catalogue.available), dict(catalogue.unavailable)
    for model in models:
        missing = lacking(model.wants, facts)
        for each in model.attributes:
            if missing:
                unavailable[each.key] = Unavailable(attribute=each, wants=missing)
            elif (keep is None or each.key in keep) and each.key not in available:
                available[each.key] = each
    return replace(catalogue, available=available, unavailable=unavailable)


def asked(models: Collection[Model], catalogue: Catalogue) -> tuple[Model, ...]:
    """The models that a catalogue's attributes come from."""
    given = {key for key, each in catalogue.available.items() if each.family is Family.MODEL}
    return tuple(model for model in models if given & {each.key for each in model.attributes})
