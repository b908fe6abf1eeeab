"""A partition by an attribute's own words: `attribute:` with the values that earn a label."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from carpel.kernel.yaml import Node
from carpel.schemes.entries import fields, read_label, read_labels, read_rule
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import OTHER, Categories

MAX_VALUES: Final = 1_000
_CATEGORIES: Final = ("attribute", "values", "rest", "label", "labels")


def read_categories(key: str, node: Node) -> Categories:
    """Read `{attribute: lifecycle_stage, values: [new, growing], rest: other}`.

    `values` is a list of words that are labels themselves, or a mapping from a label to the word, or words, that it
    stands for.
    """
    given = fields(node, _CATEGORIES, required=("attribute", "values"))
    attribute = read_rule(given["attribute"])
    assert attribute is not None  # noqa: S101  (required, so it is there)
    values = tuple(_values(given["values"]))
    _refuse_repeated(values, given["values"].place)
    rest = given.get("rest")
    return Categories(
        key=key,
        label=read_labels(given.get("label")),
        of=attribute,
        values=values,
        rest=read_label(rest) if rest else OTHER,
        place=node.place,
    )


def _values(node: Node) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not node.value:
        raise SchemeError("schemes.no-labels", place=node.place)
    if isinstance(node.value, dict):
        for label, value in node.value.items():
            words = value.items() if isinstance(value.value, list) else [value]
            yield read_label(Node(label, value.place)), tuple(each.text() for each in words)
    else:
        yield from ((read_label(each), (each.text(),)) for each in node.items())


def _refuse_repeated(values: tuple[tuple[str, tuple[str, ...]], ...], place: str) -> None:
    words = [word for _, some in values for word in some]
    if len(words) > MAX_VALUES:
        raise SchemeError("schemes.too-many-labels", place=place, limit=MAX_VALUES)
    for index, word in enumerate(words):
        if word in words[:index]:
            raise SchemeError("schemes.value-twice", place=place, value=word)
