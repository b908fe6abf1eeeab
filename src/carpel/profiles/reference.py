"""The reference page of attributes, written by the catalogue itself."""

from __future__ import annotations

from collections.abc import Iterator

from carpel.kernel.texts import DEFAULT_LANGUAGE, text
from carpel.profiles.attributes import Family, Unit
from carpel.profiles.declarations import Declaration
from carpel.profiles.declared import BUILT_IN, pass_of
from carpel.profiles.declared.channels import any_channel_share

_COLUMNS = ("attribute", "type", "meaning", "needs", "changeable")
_WORDS = {"purchases": "orders", "revenue": "orders"}


def reference(language: str = DEFAULT_LANGUAGE) -> str:
    """Every built-in attribute by family, as Markdown."""
    lines = [f"# {_word('reference-title', language)}", "", _word("reference-intro", language)]
    for family in Family:
        lines += ["", f"## {family.label.render(language)}", "", *_family(family, language)]
    return "\n".join(lines) + "\n"


def _family(family: Family, language: str) -> Iterator[str]:
    shown = (*(each for key, each in BUILT_IN.items() if not key.startswith("__")), any_channel_share())
    declared = [each for each in shown if each.family is family]
    if not declared:
        yield _word("reference-empty-family", language)
        return
    yield _row([_word(f"reference-column-{each}", language) for each in _COLUMNS])
    yield _row(["---"] * len(_COLUMNS))
    for each in declared:
        yield _row(_cells(each, language))


def _cells(declaration: Declaration, language: str) -> list[str]:
    label = declaration.shown_label.render(language)
    meaning = f"**{label}.** {declaration.shown_description.render(language)}"
    if declaration.values:
        meaning += f" ({', '.join(_value(declaration, each, language) for each in declaration.values)})"
    unit = declaration.unit.label.render(language) if declaration.unit is not Unit.NONE else ""
    return [
        f"`{declaration.key}`",
        f"{declaration.type}, {unit}" if unit and unit != declaration.type else str(declaration.type),
        meaning,
        ", ".join(f"`{each}`" for each in _needs(declaration)),
        text(f"kernel.value-{str(declaration.changeable).lower()}").render(language),
    ]


def _value(declaration: Declaration, value: str, language: str) -> str:
    shown = text(f"profiles.value.{declaration.key}.{value}").render(language)
    return f"`{value}`" if shown == value else f"`{value}` {shown}"


def _needs(declaration: Declaration) -> list[str]:
    """The tables that it reads, through what it is worked out from."""
    chain = pass_of(declaration)
    wants = [*([chain.table] if chain else []), *declaration.wants]
    names = [want.split("|")[0].partition(".")[0] for want in wants]
    below = [name for use in declaration.uses if use in BUILT_IN for name in _needs(BUILT_IN[use])]
    return list(dict.fromkeys(_WORDS.get(name, name) for name in (*names, *below)))


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _word(key: str, language: str) -> str:
    return text(f"profiles.{key}").render(language)
