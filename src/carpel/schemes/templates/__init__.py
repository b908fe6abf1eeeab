"""Schemes to begin with: ordinary YAML that its owner edits, using only the attributes that there are.

A template is a file of this folder. Lines between `#? attribute …` and `#.` are kept where the workspace has all
those attributes; `$value` is the attribute that says what a customer is worth, `$words` the words of an attribute.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from itertools import count
from typing import Final

import yaml

from carpel.kernel.errors import nearest
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Family
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import OTHER, RESERVED_LABELS

KINDS: Final = (
    *("pyramid", "rfm", "rfm-broad", "lifecycle", "loyalty", "value-band", "value-cycle", "needs", "b2b", "leads"),
    *("wide", "everyone"),
)
_RFM: Final = ("recency_days", "frequency", "monetary_value")
_NEEDS: Final = {
    "pyramid": ("monetary_value",),
    "rfm": _RFM,
    "rfm-broad": _RFM,
    "lifecycle": ("lifecycle_stage",),
    "loyalty": ("loyalty",),
    "value-band": ("value_band",),
    "value-cycle": ("monetary_value", "gap_median_days"),
    "needs": ("largest_need",),
    "leads": ("relationship",),
}
_LISTED: Final = {"needs": "largest_need"}
"""Templates that list the words of an attribute, which only a run can tell."""
MOST_WORDS: Final = 8
"""How many words of an attribute a template lists."""
_WORTH: Final = ("monetary_value", "annual_revenue")
_SPEND: Final = re.compile(
    r"spend|spent|revenue|sales|amount|turnover|monetary|purchase|mnt|charges|balance|value", re.IGNORECASE
)
_INCOME: Final = re.compile(r"income|salary|wage|wealth|assets", re.IGNORECASE)
_NO_LABEL: Final = re.compile(r"[^\w.-]+")
_NO_WORDS: Final[Mapping[str, Sequence[str]]] = {}
_UNSPEAKABLE: Final = frozenset("`\n\r")
_OF_ANYONE: Final = frozenset({"name", "language"})
"""Demographic attributes that a firm has as well."""
_OF_EITHER: Final = frozenset({"kind", "parent_id", "credit_rating", "credit_limit"})
"""Firmographic attributes that a shop may know of its consumers."""
_WORKED: Final = frozenset({"opportunities", "contracts"})
_AMOUNTS: Final = frozenset({ValueType.MONEY, ValueType.NUMBER, ValueType.INTEGER})


def template(kind: str, catalogue: Catalogue, words: Mapping[str, Sequence[str]] = _NO_WORDS) -> str:
    """The YAML of a scheme of some kind, for the attributes that a workspace has.

    Args:
        kind: Which.
        catalogue: The attributes.
        words: Of attributes that hold a word, those that most customers have, the most frequent first.

    Raises:
        SchemeError: There is no such kind, or an attribute or words without which it makes no sense.
    """
    if kind not in KINDS:
        raise SchemeError("schemes.unknown-template", name=kind, known=", ".join(KINDS), hint=nearest(kind, KINDS))
    known = catalogue.available.keys()
    lacking = [name for name in _NEEDS.get(kind, ()) if name not in known]
    value = _worth(kind, catalogue)
    if lacking or value is None:
        raise SchemeError("schemes.template-lacks", name=kind, lacking=", ".join(lacking or _WORTH))
    source = (files("carpel.schemes.templates") / f"{kind}.yaml").read_text(encoding="utf-8")
    listed = listed_attribute(kind)
    if listed and not words.get(listed):
        raise SchemeError("schemes.template-lacks-words", name=kind, attribute=listed)
    labels = _labelled(words[listed][:MOST_WORDS]) if listed else ""
    return "".join(_kept(source, known)).replace("$value", _in_yaml(value)).replace("$words", labels)


def listed_attribute(kind: str) -> str | None:
    """The attribute whose words a template lists; None where it lists none."""
    return _LISTED.get(kind)


def starter(catalogue: Catalogue) -> str:
    """The template that fits best what a workspace knows of its customers."""
    return template(starter_kind(catalogue), catalogue)


def starter_kind(catalogue: Catalogue) -> str:
    """B2B where firms are described and people are not, RFM for purchases, else by what customers are worth."""
    known = catalogue.available.keys()
    if _sells_to_firms(catalogue) and any(name in known for name in _WORTH):
        return "b2b"
    if all(name in known for name in _RFM):
        return "rfm"
    if "monetary_value" in known:
        return "pyramid"
    return "wide" if _worth("wide", catalogue) else "everyone"


def _sells_to_firms(catalogue: Catalogue) -> bool:
    """Firms are described, or accounts of a kind have sales worked on; nothing is told that only people have."""
    own = {key: each for key, each in catalogue.available.items() if each.needs <= {"customers"}}
    firms = {key for key, each in own.items() if each.family is Family.FIRMOGRAPHIC}
    people = {key for key, each in own.items() if each.family is Family.DEMOGRAPHIC} - _OF_ANYONE
    worked = any(each.needs & _WORKED for each in catalogue.available.values())
    return bool(firms - _OF_EITHER or (firms and worked)) and not people


def _worth(kind: str, catalogue: Catalogue) -> str | None:
    """The attribute that stands for `$value`; empty where the template has none."""
    if kind == "b2b":
        return next((name for name in _WORTH if name in catalogue.available), None)
    if kind != "wide":
        return ""
    return next((attribute.key for attribute in _by_promise(catalogue)), None)


def _by_promise(catalogue: Catalogue) -> Iterator[Attribute]:
    """Amounts, those first that sound like spending, then those that sound like income, then the rest."""
    amounts = [
        each
        for each in catalogue.available.values()
        if each.type in _AMOUNTS and each.family is not Family.MODEL and not _UNSPEAKABLE.intersection(each.key)
    ]
    yield from (each for each in amounts if each.key in _WORTH)
    yield from (each for each in amounts if _SPEND.search(each.key))
    yield from (each for each in amounts if _INCOME.search(each.key))
    yield from amounts


def _in_yaml(name: str) -> str:
    """A name as a formula in YAML: between backticks where it is more than one word."""
    return name if not name or name.isidentifier() else "'`" + name.replace("'", "''") + "`'"


def _labelled(words: Iterable[str]) -> str:
    """The words under labels, as YAML: `{office-supplies: Office Supplies}`."""
    labels: dict[str, str] = {}
    for word in words:
        label = _NO_LABEL.sub("-", word.strip().lower()).strip("-.")[:60] or "word"
        numbered = (f"{label}-{number}" for number in count(len(labels) + 1))
        labels[label if _is_free(label, labels) else next(each for each in numbered if _is_free(each, labels))] = word
    return yaml.safe_dump(labels, allow_unicode=True, default_flow_style=True, width=10_000, sort_keys=False).strip()


def _is_free(label: str, taken: Collection[str]) -> bool:
    return label not in taken and label not in RESERVED_LABELS and label != OTHER


def _kept(source: str, known: Collection[str]) -> Iterator[str]:
    keep = True
    for line in source.splitlines(keepends=True):
        if line.startswith("#? "):
            keep = all(name in known for name in line[3:].split())
        elif line.startswith("#."):
            keep = True
        elif keep:
            yield line
