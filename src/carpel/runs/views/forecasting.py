"""What models say of a segment's customers together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carpel.kernel.money import Currency
from carpel.kernel.texts import Text
from carpel.kernel.types import ValueType
from carpel.models import is_end
from carpel.profiles import Attribute, Catalogue, Family
from carpel.runs.views.figures import Figures
from carpel.runs.views.words import Amount, Percentage, estimated

PREDICTED: Final = "clv_12m"
"""What customers will bring within twelve months."""
_PRODUCTS: Final = 5


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a model says of some customers.

    Attributes:
        attribute: What it answers.
        customers: Of how many it says something.
        mean: What it says on average, as people read it; of words, the one it says most often.
        total: Of money, the sum; None of anything else.
        share: Of words, the part of those customers of whom it says it; None of anything else.
    """

    attribute: Attribute
    customers: int
    mean: Text
    total: Amount | None = None
    share: Percentage | None = None


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A product that is best offered next to some customers.

    Attributes:
        product: Its id.
        name: What people call it.
        customers: How many they are.
        share: Their part of those who can be offered something, 0 to 1.
    """

    product: str
    name: str
    customers: int
    share: float


def predicted(figures: Figures) -> int | None:
    """What customers in a segment will bring within twelve months, in minor units; None where no model says."""
    found = figures.foretold.get(PREDICTED)
    return None if found is None else round(found.of(figures.base)[0])


def forecasts(figures: Figures, catalogue: Catalogue, currency: Currency, rows: Sequence[int]) -> tuple[Forecast, ...]:
    """What models say of the customers of some leaves.

    Args:
        figures: Of the run.
        catalogue: Its attributes.
        currency: Of money.
        rows: The leaves' numbers.
    """
    return tuple(_forecasts(figures, catalogue, currency, rows))


def _forecasts(figures: Figures, catalogue: Catalogue, currency: Currency, rows: Sequence[int]) -> Iterator[Forecast]:
    for key, attribute in catalogue.available.items():
        if attribute.family is not Family.MODEL or is_end(key, catalogue):
            continue
        found = _of_numbers if key in figures.foretold else _of_words
        forecast = found(figures, attribute, currency, rows)
        if forecast:
            yield forecast


def _of_numbers(figures: Figures, attribute: Attribute, currency: Currency, rows: Sequence[int]) -> Forecast | None:
    total, customers = figures.foretold[attribute.key].of(rows)
    if not customers:
        return None
    mean = estimated(attribute, total / customers, currency)
    assert mean is not None  # noqa: S101 (a number is there)
    is_money = attribute.type is ValueType.MONEY
    amount = Amount(round(total), currency, whole=True) if is_money else None
    return Forecast(attribute=attribute, customers=customers, mean=mean, total=amount)


def _of_words(figures: Figures, attribute: Attribute, currency: Currency, rows: Sequence[int]) -> Forecast | None:
    counted = figures.counted.get(attribute.key)
    if attribute.type is not ValueType.CATEGORY or counted is None:
        return None
    counts = counted.of(rows)[: len(counted.bins.words)]
    customers = int(counted.of(rows)[:-1].sum())
    if not customers or not len(counts) or not counts.max():
        return None
    word = estimated(attribute, counted.bins.words[int(counts.argmax())], currency)
    assert word is not None  # noqa: S101 (a word is there)
    share = Percentage(float(counts.max()) / customers)
    return Forecast(attribute=attribute, customers=customers, mean=word, share=share)


def offers(figures: Figures, rows: Sequence[int]) -> tuple[Offered, ...]:
    """The products that are best offered next to the customers of some leaves, the most frequent first."""
    chosen, counts = set(rows), dict[str, int]()
    for each in figures.wanted:
        if each.leaf in chosen:
            counts[each.product] = counts.get(each.product, 0) + each.customers
    total = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_PRODUCTS]
    return tuple(
        Offered(product=product, name=figures.products.get(product, product), customers=many, share=many / total)
        for product, many in ranked
    )
