"""What staging finds on the way: issues, and rows set aside."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Labels, Parameter, Text, text
from carpel.sources.staging.bench import Rows

EXAMPLES: Final = 5


@dataclass
class Findings:
    """Collected while staging; nothing is lost without an entry here.

    Attributes:
        issues: In the order found.
        aside: For each table, rows that cannot be used, each with its `__reason`.
    """

    issues: list[Issue] = field(default_factory=list)
    aside: dict[str, list[Rows]] = field(default_factory=dict)

    def note(
        self,
        key: str,
        *,
        place: str,
        count: int | None = None,
        examples: Iterable[object] = (),
        severity: Severity = Severity.WARNING,
        **params: Parameter,
    ) -> None:
        """Add an issue."""
        shown = tuple(str(each) for each in examples if each is not None)[:EXAMPLES]
        counted = {} if count is None else {"count": count}
        self.issues.append(
            Issue(severity=severity, text=text(key, **counted, **params), place=place, count=count, examples=shown)
        )

    def put_aside(self, table: str, rows: Rows, counts: dict[str, int]) -> None:
        """Rows that go to quarantine, where there are any of some reason."""
        if counts:
            self.aside.setdefault(table, []).append(rows)


def issues_to_json(issues: Iterable[Issue]) -> str:
    """Issues as facts keep them beside the tables."""
    return json.dumps([_issue(each) for each in issues], ensure_ascii=False, indent=1)


def issues_from_json(content: str) -> tuple[Issue, ...]:
    """The issues that a facts folder keeps."""
    return tuple(
        Issue(
            severity=Severity(raw["severity"]),
            text=_text_from(raw["text"]),
            place=raw["place"],
            count=raw["count"],
            examples=tuple(raw["examples"]),
        )
        for raw in json.loads(content)
    )


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "severity": issue.severity.value,
        "text": _parameter(issue.text),
        "place": issue.place,
        "count": issue.count,
        "examples": list(issue.examples),
    }


def _parameter(value: Parameter) -> Any:
    if isinstance(value, Text):
        return {"key": value.key, "params": {name: _parameter(each) for name, each in value.params.items()}}
    if isinstance(value, Labels):
        return {"labels": dict(value.by_language)}
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _text_from(raw: dict[str, Any]) -> Text:
    return Text(raw["key"], {name: _parameter_from(each) for name, each in raw["params"].items()})


def _parameter_from(raw: Any) -> Parameter:
    if isinstance(raw, dict):
        return Labels(raw["labels"]) if "labels" in raw else _text_from(raw)
    value: Parameter = raw
    return value
