"""The living page of the components, with sample values in all their states."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter, Response

from carpel.charts import Carpel, Fruit
from carpel.kernel.money import Currency
from carpel.kernel.texts import Labels, text
from carpel.runs.views.overview import Figure
from carpel.web.links import Ending
from carpel.web.page import AskedPage
from carpel.web.pictures import Picture, kept
from carpel.web.tables import Column, Sorting

router = APIRouter()

_CURRENCY: Final = Currency("PHP")

_COLUMNS: Final = (
    Column(key="name", label=text("web.sample.segment"), is_number=False),
    Column(key="customers", label=text("web.sample.customers")),
    Column(key="share", label=None, unseen=text("web.sample.share"), sorts=False),
    Column(key="revenue", label=text("web.sample.revenue")),
)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A row of the sample table.

    Attributes:
        label: A segment's name.
        customers: How many are in it.
        revenue: Their money in minor units; None where nobody knows.
    """

    label: Labels
    customers: Figure
    revenue: int | None


_SAMPLES: Final = tuple(
    Sample(label=Labels({"en": en, "zh-Hans": hans, "zh-Hant": hant, "fil": fil}), customers=figure, revenue=revenue)
    for en, hans, hant, fil, figure, revenue in (
        ("Key accounts", "重点客户", "重點客戶", "Mga key account", Figure(value=1_204, before=1_180), 338_029_26_00),
        ("Regulars", "常客", "常客", "Mga suki", Figure(value=40_912, before=42_007), 144_845_06_00),
        ("Newcomers", "新客户", "新客戶", "Mga bagong customer", Figure(value=7_200, before=7_200), 2_325_65_00),
        ("Leads and prospects", "潜在客户", "潛在客戶", "Mga lead at prospect", Figure(value=391), None),
    )
)


_FRUIT: Final = Fruit(
    carpels=tuple(
        Carpel(
            key=str(place),
            label=row.label,
            colour=place,
            customers=row.customers.value,
            money=row.revenue,
            href="/segments",
        )
        for place, row in enumerate(_SAMPLES, start=1)
    ),
    currency=_CURRENCY,
)


@router.get("/components/fruit.{ending}")
def fruit(page: AskedPage, ending: Ending) -> Response:
    """The sample fruit to keep."""
    return kept(_FRUIT, ending, page.reader, "fruit")


@router.get("/components")
def components(page: AskedPage) -> Response:
    """Every component in every state."""
    sorting = Sorting.of(page.request, _COLUMNS)
    rows = sorting.apply(
        _SAMPLES,
        {
            "name": lambda row: page.reader.shown(row.label),
            "customers": lambda row: row.customers.value,
            "revenue": lambda row: row.revenue,
        },
    )
    return page.show(
        "components_page.html",
        columns=_COLUMNS,
        sorting=sorting,
        rows=rows,
        total=sum(row.customers.value for row in _SAMPLES),
        currency=_CURRENCY,
        day=date(2025, 7, 31),
        since=date(2025, 6, 30),
        colour=lambda row: _SAMPLES.index(row) + 1,
        fruit=Picture.of(_FRUIT, page.reader, "/components/fruit"),
    )
