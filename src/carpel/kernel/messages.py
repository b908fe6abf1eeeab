"""Texts and issues as JSON: keys and parameters, never sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.money import Currency, Money
from carpel.kernel.texts import Labels, Parameter, Text


def text_to_json(text: Text) -> dict[str, Any]:
    """A text as a JSON object."""
    return {"key": text.key, "params": {name: parameter_to_json(value) for name, value in text.params.items()}}


def text_from_json(raw: Mapping[str, Any]) -> Text:
    """What `text_to_json` gave."""
    return Text(raw["key"], {name: parameter_from_json(value) for name, value in raw["params"].items()})


def issue_to_json(issue: Issue) -> dict[str, Any]:
    """An issue as a JSON object."""
    return {
        "severity": issue.severity.value,
        "text": text_to_json(issue.text),
        "place": issue.place,
        "count": issue.count,
        "examples": list(issue.examples),
    }


def issue_from_json(raw: Mapping[str, Any]) -> Issue:
    """What `issue_to_json` gave."""
    return Issue(
        severity=Severity(raw["severity"]),
        text=text_from_json(raw["text"]),
        place=raw["place"],
        count=raw["count"],
        examples=tuple(raw["examples"]),
    )


def parameter_to_json(value: Parameter) -> Any:
    """A text's parameter as JSON, its type kept."""
    match value:
        case Text() | Labels() | Money():
            return _rendered_to_json(value)
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case _:
            return value


def parameter_from_json(raw: Any) -> Parameter:
    """What `parameter_to_json` gave."""
    match raw:
        case {"text": _} | {"labels": _} | {"money": _}:
            return _rendered_from_json(raw)
        case {"decimal": value}:
            return Decimal(value)
        case {"instant": value}:
            return datetime.fromisoformat(value)
        case {"day": value}:
            return date.fromisoformat(value)
        case _:
            plain: Parameter = raw
            return plain


def _rendered_to_json(value: Text | Labels | Money) -> dict[str, Any]:
    match value:
        case Text():
            return {"text": text_to_json(value)}
        case Labels():
            return {"labels": dict(value.by_language)}
        case Money():
            return {"money": str(value.amount), "currency": value.currency.code}


def _rendered_from_json(raw: Mapping[str, Any]) -> Text | Labels | Money:
    if "text" in raw:
        return text_from_json(raw["text"])
    if "labels" in raw:
        return Labels(raw["labels"])
    return Money(Decimal(raw["money"]), Currency(raw["currency"]))
