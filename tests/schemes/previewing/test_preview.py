"""Whatever the scheme, the data and the edits before: a preview counts what assignments hold."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.profiles import Profiles
from carpel.schemes import Rule, Scheme, Segment, assign, fit_cuts, read_scheme
from carpel.schemes.previewing import Preview
from carpel.schemes.previewing.answers import Answers
from tests.schemes.company import RFM, profiles
from tests.schemes.test_partition import conditions, customers, schemes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("preview")


def counted(scheme: Scheme, of: Profiles, engine: Engine) -> Mapping[str | None, tuple[int, int]]:
    """Customers and money by segment, counted from assignments."""
    steps = assign(scheme, of, fit_cuts(scheme, of, engine))
    money = {
        row["customer_no"]: row["monetary_value"] or 0 for row in engine.read(of.unbound(), of.bindings).to_pylist()
    }
    found: dict[str | None, tuple[int, int]] = {}
    for row in engine.read(steps, of.bindings).to_pylist():
        customers, revenue = found.get(row["segment_by_rule"], (0, 0))
        found[row["segment_by_rule"]] = customers + 1, revenue + money[row["customer_no"]]
    return found


def previewed(preview: Preview, scheme: Scheme) -> Mapping[str | None, tuple[int, int]]:
    summary = preview.count(scheme).summary
    found: dict[str | None, tuple[int, int]] = {
        each.key: (each.customers, each.revenue or 0) for each in summary.segments if each.customers
    }
    if summary.outside_base:
        found[None] = summary.outside_base, summary.outside_revenue or 0
    return found


@given(schemes(), customers())
def test_any_scheme_is_counted_as_assignments_hold_it(folder, engine, scheme, rows):
    of = profiles(rows, folder)
    assert previewed(Preview(of, engine), scheme) == counted(scheme, of, engine)


@settings(max_examples=20)
@given(st.lists(schemes(), min_size=2, max_size=3), customers(), st.data())
def test_after_any_edits_counts_are_those_of_the_last_text(folder, engine, drafts, rows, data):
    of = profiles(rows, folder)
    preview = Preview(of, engine)
    for draft in drafts:
        preview.count(draft)
        edited = _edited(draft, data.draw(conditions({})), data.draw(st.sampled_from(list(draft.paths))))
        rebased = replace(edited, base=data.draw(st.one_of(st.none(), conditions({}).map(Rule))))
        for each in (edited, rebased, draft):
            assert previewed(preview, each) == counted(each, of, engine)


@given(schemes(), customers())
def test_parts_add_up_to_their_parent_and_leaves_to_the_base(folder, engine, scheme, rows):
    counts = Preview(profiles(rows, folder), engine).count(scheme)
    for parent in (each for each in counts.segments if not each.is_leaf):
        parts = [each for each in counts.segments if each.parent == parent.key]
        assert parent.customers == sum(each.customers for each in parts)
        assert parent.revenue == sum(each.revenue or 0 for each in parts)
    assert sum(each.customers for each in counts.segments if each.is_leaf) == counts.summary.base
    assert counts.remainder.key == scheme.segments[-1].key


def _edited(scheme: Scheme, rule: str, key: str) -> Scheme:
    def inside(segment: Segment) -> Segment:
        parts = tuple(map(inside, segment.segments))
        when = Rule(rule) if segment.key == key and segment.when else segment.when
        return replace(segment, when=when, segments=parts)

    return replace(scheme, segments=tuple(map(inside, scheme.segments)))


class Counting:
    """An engine that counts what it is asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked: list[str] = []

    def read(self, query: Any, tables: Any) -> Any:
        self.asked.append(self.engine.sql(query))
        return self.engine.read(query, tables)


TEXT = """\
scheme: s
partitions:
  value: {{tiers: monetary_value, shares: {{top: 50%, rest: 50%}}}}
segments:
  - {{key: best, when: value = 'top'}}
  - {{key: late, when: recency_days > {days}}}
  - {{key: others, otherwise: true}}
"""


def test_only_the_changed_rule_is_asked(folder, engine):
    rows = [{"recency_days": number, "frequency": 1, "monetary_value": number * 100} for number in range(20)]
    counting = Counting(engine)
    preview = Preview(profiles(rows, folder, RFM), counting)  # type: ignore[arg-type]
    preview.count(read_scheme(TEXT.format(days=5), "s.yaml"))
    counting.asked.clear()
    counts = preview.count(read_scheme(TEXT.format(days=7), "s.yaml"))
    assert [each.customers for each in counts.summary.segments] == [10, 2, 8]
    (asked,) = counting.asked
    assert "partition_value" not in asked
    preview.count(read_scheme(TEXT.format(days=5), "s.yaml"))
    assert len(counting.asked) == 1


def test_a_rule_that_cannot_be_read_is_an_error_at_its_place(folder, engine):
    with pytest.raises(CarpelError) as error:
        Preview(profiles([], folder, RFM), engine).count(read_scheme(TEXT.format(days="nothing"), "s.yaml"))
    assert error.value.place


def test_answers_take_no_more_room_than_they_may():
    answers = Answers(limit=30)
    for number in range(10):
        answers.keep({str(number): np.zeros(10, np.uint8)})
    assert set(answers.known(map(str, range(10)))) == {"7", "8", "9"}
