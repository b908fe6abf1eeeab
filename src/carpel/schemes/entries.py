"""The entries of a scheme's YAML that segments and partitions have in common."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from carpel.kernel.errors import nearest
from carpel.kernel.texts import LANGUAGES, Labels
from carpel.kernel.yaml import Node
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import NO_LABEL, RESERVED_LABELS, Rule

MAX_DIGITS: Final = 200
_KEY: Final = re.compile(r"\w[\w.-]{0,79}")


def fields(node: Node, known: Collection[str], *, required: Collection[str] = ()) -> dict[str, Node]:
    """The entries of a mapping, none of them unknown, all required ones there.

    Raises:
        CarpelError: Something else; an unknown entry comes with the nearest known one.
    """
    given = node.mapping()
    for key, value in given.items():
        if key not in known:
            raise SchemeError("schemes.unknown-entry", place=value.place, name=key, hint=nearest(key, known))
    for key in required:
        if key not in given or given[key].value is None:
            raise SchemeError("schemes.missing-entry", place=node.place, name=key)
    return given


def read_key(node: Node) -> str:
    """A stable name: letters, digits, `-`, `_` and `.`, at most 80."""
    key = node.text()
    if not _KEY.fullmatch(key):
        raise SchemeError("schemes.bad-key", place=node.place, key=key[:80])
    return key


def read_label(node: Node) -> str:
    """A label of a partition: a stable name that does not say who could not be placed."""
    label = read_key(node)
    if label in RESERVED_LABELS:
        raise SchemeError("schemes.reserved-label", place=node.place, label=label)
    return label


def read_rule(node: Node | None) -> Rule | None:
    """A rule's text with its place; None where there is none."""
    if node is None:
        return None
    if isinstance(node.value, bool):
        return Rule(str(node.value).lower(), node.place)
    return Rule(node.text().strip(), node.place)


def read_when(node: Node, given: Mapping[str, Node]) -> Rule | None:
    """The rule of `when:`, or None for `otherwise: true`; exactly one of the two must be there."""
    when, otherwise = given.get("when"), given.get("otherwise")
    if when is None and otherwise is None:
        raise SchemeError("schemes.neither-when-nor-otherwise", place=node.place)
    if when is not None and otherwise is not None:
        raise SchemeError("schemes.both-when-and-otherwise", place=otherwise.place)
    if otherwise is not None and otherwise.value is not True:
        raise SchemeError("schemes.otherwise-is-true", place=otherwise.place)
    return read_rule(when)


def read_labels(node: Node | None) -> Labels:
    """A label in one or more languages; plain text is English."""
    if node is None:
        return NO_LABEL
    if not isinstance(node.value, dict):
        return Labels({"en": node.text()})
    for language, value in node.value.items():
        if language not in LANGUAGES:
            hint = nearest(language, LANGUAGES)
            place = value.place
            raise SchemeError(
                "schemes.unknown-language", place=place, name=language, known=", ".join(LANGUAGES), hint=hint
            )
    return Labels({language: value.text() for language, value in node.value.items()})


def read_name(node: Node | None) -> str | None:
    """A name of somebody or something; None where there is none."""
    return None if node is None or node.value is None else node.text()


def read_number(written: str, node: Node) -> Decimal:
    """A number of sane size."""
    try:
        number = Decimal(written.strip())
    except InvalidOperation as error:
        raise SchemeError("schemes.not-a-number", place=node.place, value=written) from error
    if not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        raise SchemeError("schemes.not-a-number", place=node.place, value=written)
    return number
