"""What earlier runs say of a segment is of all of it, by the scheme of that run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from carpel.runs.folders import MANIFEST
from carpel.runs.views.past_runs import PastRun, history, past_run
from carpel.schemes import read_scheme
from carpel.workspace import Workspace

WHOLE = """
scheme: customers
segments:
  - {key: fruit, when: frequency > 1}
  - {key: others, otherwise: true}
"""
IN_PARTS = """
scheme: customers
segments:
  - key: fruit
    when: frequency > 1
    segments:
      - {key: ripe, when: recency_days < 30}
      - {key: green, otherwise: true}
  - {key: others, otherwise: true}
"""


def past(**sizes: int) -> PastRun:
    leaves: dict[str, tuple[str, ...]] = {key: (key,) for key in sizes}
    if "ripe" in sizes:
        leaves["fruit"] = ("ripe", "green")
    given = {key: (many, None) for key, many in sizes.items()}
    return PastRun(run="1", day=date(2025, 1, 1), base=0, outside=0, sizes=given, leaves=leaves, source=None)


def sizes(segment: str, scheme: str, run: PastRun) -> list[int]:
    return [point.customers for point in history(segment, read_scheme(scheme, "customers.yaml"), [run])]


def test_a_segment_keeps_its_past_when_it_is_refined_and_when_its_parts_are_merged() -> None:
    assert sizes("fruit", IN_PARTS, past(fruit=5, others=1)) == [5]
    assert sizes("fruit", WHOLE, past(ripe=2, green=3, others=1)) == [5]


def test_parts_of_which_one_was_not_there_are_not_the_whole() -> None:
    scheme = IN_PARTS.replace("key: fruit", "key: orchard")
    assert sizes("orchard", scheme, past(ripe=2, green=3, others=1)) == [5]
    assert sizes("orchard", scheme, past(green=3, others=1)) == []
    assert sizes("ripe", scheme, past(green=3, others=1)) == []


def test_what_cannot_be_read_just_now_is_read_later(
    company: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / MANIFEST).write_bytes((company.current.folder / MANIFEST).read_bytes())
    with monkeypatch.context() as busy:
        busy.setattr(Path, "read_bytes", _fails)
        assert past_run(tmp_path) is None
    found = past_run(tmp_path)
    assert found
    assert sum(customers for customers, _ in found.sizes.values()) == found.base


def _fails(_: Path) -> bytes:
    raise OSError(24, "Too many open files")
