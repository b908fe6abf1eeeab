"""A scenario: what a person has, what they are asked, and what must come out, with SQL written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import yaml

from tests.conftest import ROOT

FOLDER = Path(__file__).parent
EXAMPLES = "examples/"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a query over the source files says that some attributes are, for every customer."""

    why: str
    attributes: tuple[str, ...]
    query: str


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One data set, from its files to its segments."""

    key: str
    name: str
    source: str
    currency: str
    as_of: str | None
    expect: Mapping[str, Any]
    unavailable: tuple[str, ...]
    answers: tuple[Answer, ...] = field(repr=False)

    @property
    def needs_data(self) -> bool:
        """Whether its files are outside the repository."""
        return not self.source.startswith(EXAMPLES)

    @property
    def money(self) -> Decimal | None:
        """All money that the source holds, in major units."""
        return Decimal(str(self.expect["money"])) if "money" in self.expect else None


def read(path: Path) -> Scenario:
    """The scenario that a file describes."""
    node = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Scenario(
        key=path.stem,
        name=node["name"],
        source=node["from"],
        currency=node["currency"],
        as_of=str(node["as_of"]) if "as_of" in node else None,
        expect=node["expect"],
        unavailable=tuple(node["unavailable"]),
        answers=tuple(
            Answer(why=each["why"], attributes=tuple(each["attributes"]), query=each["query"]) for each in node["sql"]
        ),
    )


SCENARIOS = tuple(read(path) for path in sorted(FOLDER.glob("*.yaml")))


def source_path(scenario: Scenario, data: Path | None) -> Path:
    """Where a scenario's files are."""
    folder = data if scenario.needs_data else ROOT
    assert folder is not None
    return folder / scenario.source


def answered(answer: Answer, *, source: Path, data: Path | None) -> dict[str, dict[str, Any]]:
    """What the hand-written query says, by customer."""
    query = answer.query.format(source=source, data=data)
    rows = duckdb.sql(query).to_arrow_table().to_pylist()
    return {row["customer_id"]: row for row in rows}
