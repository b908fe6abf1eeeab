"""Money as scripts read it: in major units."""

from __future__ import annotations

from carpel.kernel.money import Currency


def major(minor: int | None, currency: Currency) -> float | None:
    """An amount in major units; None where nothing is known of it."""
    return None if minor is None else float(currency.major(minor))
