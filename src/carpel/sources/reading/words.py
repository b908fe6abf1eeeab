"""Words that are values of another kind: those for nothing, for yes and no, and those in a column's name that hint."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

ALWAYS_NULL: Final = frozenset(
    {"NULL", "null", "\\N", "N/A", "n/a", "#N/A", "NaN", "<null>", "<NULL>", "(null)", "(NULL)", "<NA>", "#NULL!"}
)
"""Say "nothing here" in any column; as written, for Nan and Null are also people's names."""

_AMONG_VALUES: Final = (
    "null nan n/a #n/a na - -- --- — . ? none nil nat unknown 无 無 空 未知 wala #div/0! #value! #ref! #name?"
)
NULL_AMONG_VALUES: Final = frozenset(_AMONG_VALUES.split())
"""Say "nothing here" beside numbers, dates or yes and no, in whatever case; among words they may be a value: NA is
Namibia."""

PAIRS: Final = (
    ("yes", "no"),
    ("y", "n"),
    ("true", "false"),
    ("t", "f"),
    ("是", "否"),
    ("oo", "hindi"),
    ("on", "off"),
    ("si", "no"),
    ("sí", "no"),
    ("ja", "nein"),
    ("oui", "non"),
)

_KEY_WORDS: Final = (
    "id ids uid guid uuid no nr num code key sku zip zipcode postcode phone tel telephone mobile fax ean upc isbn ref "
    "reference barcode vat tin"
)
_TIME_WORDS: Final = "date time datetime timestamp ts at on day created updated modified since until epoch"
_ID = re.compile(rf"(?:^|[_\W])(?:{'|'.join(_KEY_WORDS.split())})$")
_ID_NATIVE = re.compile(
    "(编号|編號|编码|編碼|代码|代碼|单号|單號|号码|號碼|电话|電話|手机|手機|邮编|郵編|郵遞區號|货号|貨號|卡号|卡號|序号|序號|id)$"
)
_TIME = re.compile(rf"(?:^|[_\W])(?:{'|'.join(_TIME_WORDS.split())})(?:$|[_\W])")
_TIME_NATIVE = re.compile("日期|时间|時間|时刻|時刻|生日|日$|petsa|oras")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def yes_no(words: Iterable[str]) -> tuple[str, str] | None:
    """The pair that some words, in lower case, are taken from; None where they are anything else."""
    found = set(words)
    for yes, no in PAIRS:
        if found <= {yes, no} and (found == {yes, no} or (found and len(yes) > 1)):
            return yes, no
    return None


def hints_id(name: str) -> bool:
    """Whether a column's name says that its values are keys: `CustomerID`, `invoice_no`, `客户编号`."""
    return _ID.search(_spaced(name)) is not None or _ID_NATIVE.search(name.lower()) is not None


def hints_time(name: str) -> bool:
    """Whether a column's name says that its values are days or moments."""
    return _TIME.search(_spaced(name)) is not None or _TIME_NATIVE.search(name.lower()) is not None


def null_words(words: Collection[str]) -> tuple[str, ...]:
    """Those of some words that mean nothing anywhere."""
    return tuple(sorted(word for word in words if word in ALWAYS_NULL))


def soft_null_words(words: Collection[str]) -> tuple[str, ...]:
    """Those of some words that mean nothing beside values of another kind."""
    return tuple(sorted(word for word in words if word.lower() in NULL_AMONG_VALUES and word not in ALWAYS_NULL))


def _spaced(name: str) -> str:
    return _CAMEL.sub("_", name.strip()).lower().replace("-", "_")
