"""Which products may be recommended: no fees or postage, nothing stopped, replaced or out of stock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.profiles.declarations import Moment
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows

_PHRASES: Final = re.compile(
    r"\b(postage|bank charges?|amazon ?fee|(shipping|delivery|handling|service) (fee|charge|cost)s?"
    r"|gift (voucher|card)s?|bad debt|cruk commission"
    r"|bayad sa (padala|pagpapadala|serbisyo)|singil sa (padala|serbisyo))\b"
    r"|运费|邮费|手续费|服务费|优惠券|礼品卡|運費|郵費|手續費|服務費|優惠券|禮品卡|禮券",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"\s*(manual|discounts?|samples?|carriage|shipping|delivery|freight|fees?|adjustments?|vouchers?|pads to match all"
    r" cushions|diskwento|padala|bayarin|halimbawa|样品|樣品|折扣|调整|調整|补差|補差)\s*",
    re.IGNORECASE,
)
_CODES: Final = re.compile(r"post|dot|bank charges|amazonfee|cruk|pads|c2|gift_.*", re.IGNORECASE)
_LETTER: Final = re.compile(r"[A-Za-z]")
_LONG: Final = 4
"""Letters alone are no product where codes are usually this long."""

Product = Mapping[str, Any]


def products_of(facts: Facts, as_of: AsOf, engine: Engine) -> dict[str, Product]:
    """What the company's list of products says as of a moment, by code; empty where there is none."""
    if "products" not in facts.tables:
        return {}
    rows = known_rows(facts, "products", Moment(as_of=as_of, parameters=Parameters(known_through=as_of)))
    names = ("product_id", "name", "category", "active", "stock", "price", "launched_on", "replaces_product_id")
    table = engine.read(rows.select(*[each for each in names if each in rows.columns]), facts.bindings((0,)))
    return {row["product_id"]: row for row in table.to_pylist()}


def is_no_product(code: str, product: Product, *, paid: int, codes_are_long: bool) -> bool:
    """Whether it is postage, a fee, a discount, a sample or an entry by hand, or was never paid for."""
    said = [str(product.get(name) or "") for name in ("name", "category")]
    if any(_PHRASES.search(each) or _WHOLE.fullmatch(each) for each in (code, *said)) or _CODES.fullmatch(code):
        return True
    return paid <= 0 or (codes_are_long and bool(_LETTER.fullmatch(code)))


def codes_are_long(codes: list[str]) -> bool:
    """Whether most codes are long enough that a single letter stands for something else."""
    return sum(len(each) >= _LONG for each in codes) * 2 > len(codes)


def is_offered(product: Product, as_of: AsOf) -> bool:
    """Whether it is active, launched, and not known to be out of stock."""
    stock, launched = product.get("stock"), product.get("launched_on")
    if product.get("active") is False or (stock is not None and stock <= 0):
        return False
    return launched is None or launched <= as_of.day


def replacements(products: Mapping[str, Product]) -> dict[str, str]:
    """What stands for a replaced product today, through several replacements; a circle is cut."""
    newer = {
        str(row["replaces_product_id"]): code
        for code, row in sorted(products.items())
        if row.get("replaces_product_id")
    }
    return {code: _last(code, newer) for code in newer}


def _last(code: str, newer: Mapping[str, str]) -> str:
    seen = {code}
    while code in newer and newer[code] not in seen:
        code = newer[code]
        seen.add(code)
    return code
