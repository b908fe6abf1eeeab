"""Values of attributes as people know them, for reasons."""

from __future__ import annotations

from carpel.kernel.money import Currency, Money
from carpel.kernel.texts import Parameter
from carpel.kernel.types import ValueType
from carpel.models.learning import Ground
from carpel.models.propensity.reasons import Said, plainly
from carpel.profiles import Unit


def saying(ground: Ground) -> Said:
    """How values of a company's attributes are said: money as money, shares in percent, codes by name."""
    available, currency = ground.catalogue.available, Currency(ground.facts.currency)

    def said(key: str, value: str | float) -> Parameter:
        attribute = available.get(key)
        if attribute is None:
            return plainly(key, value)
        if isinstance(value, str):
            return attribute.word(value)
        if attribute.type is ValueType.MONEY:
            return Money(currency.major(round(value)), currency)
        if attribute.unit is Unit.SHARE:
            return f"{100 * value:.0f}%"
        return plainly(key, value)

    return said
