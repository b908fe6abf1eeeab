"""What is planted is found, and what is not is not: divisions and likeness as later money says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import Run
from carpel.runs.refining.merging import suggest_merge
from carpel.runs.refining.suggesting import suggest_split
from tests.runs.planted import PERIOD, SCHEME, shop
from tests.runs.workspaces import with_engine


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = with_engine()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return shop(tmp_path_factory.mktemp("planted") / "shop", seed=1, lift=4.0)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return shop(tmp_path_factory.mktemp("plain") / "shop", seed=2)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_difference_is_found_first(planted: Run, engine: Engine, seed: int) -> None:
    advice = suggest_split(planted, engine, "recent", seed=seed)
    best = advice.splits[0]
    assert best.worthwhile
    assert "app" in best.option.rule
    assert "shop" not in best.option.rule
    assert best.parts[0].next_money > 2 * best.parts[1].next_money
    assert not [each for each in advice.worthwhile if each.option.attribute.key not in {"main_channel", "channels"}]


def test_nothing_is_called_worthwhile_where_there_is_nothing(plain: Run, engine: Engine) -> None:
    """At 95 % confidence for all divisions together, a few in a hundred may err; here are twenty-four."""
    advice = [
        suggest_split(plain, engine, segment, seed=seed) for seed in range(12) for segment in ("recent", "earlier")
    ]
    assert sum(bool(each.worthwhile) for each in advice) <= 1


def test_worth_is_money_that_is_in_the_wrong_part(planted: Run, engine: Engine) -> None:
    """The interval holds what the whole segment's rows say, both halves together, counted here one by one."""
    advice = suggest_split(planted, engine, "earlier")
    best = next(each for each in advice.splits if each.option.rule == "main_channel = 'app'")
    rows = {row["customer_id"]: row for file in planted.profiles.files for row in pq.read_table(file).to_pylist()}
    assert sum(part.customers for part in best.parts) == next(
        each.customers for each in planted.manifest.segments if each.key == "earlier"
    )
    assert best.parts[0].revenue + best.parts[1].revenue == next(
        each.revenue for each in planted.manifest.segments if each.key == "earlier"
    )
    apart = best.parts[0].next_money - best.parts[1].next_money
    holds, others = (part.customers for part in best.parts)
    assert best.worth == pytest.approx(apart * holds * others / (holds + others))
    assert best.low < best.worth < best.high
    assert len(rows) == 500


def test_a_cost_that_is_higher_than_the_worth_says_no(planted: Run, engine: Engine) -> None:
    cheap = suggest_split(planted, engine, "earlier", cost=0)
    dear = suggest_split(planted, engine, "earlier", cost=10**10)
    assert cheap.worthwhile
    assert not dear.worthwhile
    assert dear.splits[0].gain == dear.splits[0].worth - 10**10
    assert not cheap.cost_known or cheap.cost == 0


def test_parts_are_no_smaller_than_the_limits_allow(planted: Run, engine: Engine) -> None:
    for split in suggest_split(planted, engine, "earlier").splits:
        assert min(part.customers for part in split.parts) >= 40


def test_the_period_is_a_quarter_of_the_history(planted: Run, engine: Engine) -> None:
    advice = suggest_split(planted, engine, "recent")
    assert (advice.period.days, advice.period.end) == (PERIOD, planted.as_of)


@pytest.mark.parametrize(
    ("segment", "scheme", "days", "key"),
    [
        ("recnt", SCHEME, None, "runs.suggest-no-segment"),
        ("recent", SCHEME.replace("limits: {", "limits: {segments: 2, "), None, "runs.suggest-no-room"),
        ("recent", SCHEME, 300, "runs.history-too-short"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    tmp_path: Path, engine: Engine, segment: str, scheme: str, days: int | None, key: str
) -> None:
    made = shop(tmp_path / "shop", seed=3, customers=60, scheme=scheme)
    with pytest.raises(CarpelError) as refused:
        suggest_split(made, engine, segment, days=days)
    assert refused.value.text.key == key


ALIKE = """\
scheme: alike
segments:
  - key: app
    when: main_channel = 'app'
  - key: phone
    when: main_channel = 'phone'
  - key: web
    when: main_channel = 'web'
  - key: others
    otherwise: true
"""


def test_siblings_that_behave_alike_are_found_and_those_that_do_not_are_not(tmp_path: Path, engine: Engine) -> None:
    made = shop(tmp_path / "shop", seed=5, lift=4.0, customers=3000, scheme=ALIKE)
    advice = suggest_merge(made, engine)
    pairs = {frozenset(side.key for side in each.sides) for each in advice.merges}
    assert pairs
    assert not [pair for pair in pairs if "app" in pair]
    for each in advice.merges:
        assert -each.bound <= each.low <= each.high <= each.bound
        assert max(each.effects.values()) <= 0.2
    assert advice.pairs == 6


def test_too_few_customers_are_never_called_alike(tmp_path: Path, engine: Engine) -> None:
    made = shop(tmp_path / "shop", seed=5, customers=80, scheme=ALIKE)
    assert suggest_merge(made, engine).merges == ()


HURRIED = """\
scheme: hurried
hold: 30 days
segments:
  - key: known
    when: main_channel is not null
    segments:
      - {key: app, when: main_channel = 'app', urgent: true}
      - {key: others, otherwise: true, urgent: true}
  - key: rest
    otherwise: true
"""


@pytest.mark.parametrize(("urgent", "pairs"), [("false", 0), ("true", 1)])
def test_siblings_that_one_segment_would_not_hold_alike_are_not_compared(
    tmp_path: Path, engine: Engine, urgent: str, pairs: int
) -> None:
    """Two urgent parts as one are the segment above, which customers held elsewhere enter at once only if it is."""
    scheme = HURRIED.replace("- key: known\n", f"- key: known\n    urgent: {urgent}\n")
    made = shop(tmp_path / "shop", seed=5, customers=80, scheme=scheme)
    assert suggest_merge(made, engine).pairs == pairs
