"""A race prefers the scheme that separates a planted value, and calls chance by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from carpel.kernel.engine import Engine
from carpel.runs import Run, SchemeRefused
from carpel.runs.refining.racing import race
from carpel.schemes import read_scheme
from tests.runs.planted import LAST, PERIOD, orders, shop
from tests.runs.workspaces import with_engine

KNOWING = read_scheme(
    "scheme: k\nsegments:\n  - {key: app, when: main_channel = 'app'}\n  - {key: others, otherwise: true}\n", "k"
)
GUESSING = read_scheme(
    "scheme: g\nsegments:\n  - {key: web, when: main_channel = 'web'}\n  - {key: others, otherwise: true}\n", "g"
)
RESTLESS = read_scheme(
    "scheme: r\nsegments:\n  - {key: late, when: recency_days < 15}\n  - {key: none, when: frequency > 999}\n"
    "  - {key: others, otherwise: true}\n",
    "r",
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = with_engine()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return shop(tmp_path_factory.mktemp("raced") / "shop", seed=4, lift=4.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_scheme_that_separates_the_planted_value_wins(planted: Run, engine: Engine, seed: int) -> None:
    report = race(planted, engine, (GUESSING, KNOWING), ("guessing", "knowing"), seed=seed)
    assert report.race.winner is report.race.lanes[1]
    assert report.race.lanes[1].explained > 0.2 > report.race.lanes[0].explained
    other_way = race(planted, engine, (KNOWING, GUESSING), ("knowing", "guessing"), seed=seed)
    assert other_way.race.winner is other_way.race.lanes[0]
    assert other_way.race.difference == pytest.approx(-report.race.difference)


def test_a_scheme_does_not_beat_itself(planted: Run, engine: Engine) -> None:
    same = race(planted, engine, (KNOWING, KNOWING), ("one", "other")).race
    assert (same.winner, same.difference) == (None, 0.0)


def test_nobody_wins_where_there_is_nothing_to_know(tmp_path: Path, engine: Engine) -> None:
    plain = shop(tmp_path / "plain", seed=2)
    races = [race(plain, engine, (KNOWING, RESTLESS), ("one", "other"), seed=seed).race for seed in range(8)]
    assert not [each for each in races if each.winner]
    assert max(each.lanes[0].explained for each in races) < 0.02


def test_periods_do_not_overlap_and_end_now(planted: Run, engine: Engine) -> None:
    report = race(planted, engine, (KNOWING, GUESSING), ("knowing", "guessing"), days=60)
    assert len(report.periods) == 4
    assert report.periods[-1].end == planted.as_of
    for before, after in zip(report.periods, report.periods[1:], strict=False):
        assert before.end == after.start
    assert {each.days for each in report.periods} == {60}
    assert len(race(planted, engine, (KNOWING, GUESSING), ("a", "b")).periods) == 400 // PERIOD - 1


def test_sizes_and_stability_are_seen(planted: Run, engine: Engine) -> None:
    steady, restless = race(planted, engine, (KNOWING, RESTLESS), ("steady", "restless")).race.lanes
    assert (restless.segments, restless.empty, restless.smallest) == (3, 1, 0.0)
    assert steady.smallest + steady.largest == pytest.approx(1.0)
    assert steady.stays is not None
    assert restless.stays is not None
    assert steady.stays > restless.stays


def test_a_scheme_with_errors_is_refused(planted: Run, engine: Engine) -> None:
    wrong = read_scheme("scheme: w\nsegments: [{key: x, when: frequncy > 1}, {key: y, otherwise: true}]\n", "w")
    with pytest.raises(SchemeRefused):
        race(planted, engine, (KNOWING, wrong), ("knowing", "wrong"))


def test_four_periods_of_two_schemes_that_read_what_the_run_does_not_keep(tmp_path: Path, engine: Engine) -> None:
    """All replays of a race are still there when it reads them, however many profiles are made for them."""
    made = shop(tmp_path / "shop", seed=1, customers=60)
    often, rarely = (
        read_scheme(f"scheme: s\nsegments: [{{key: x, when: {rule}}}, {{key: others, otherwise: true}}]\n", "s")
        for rule in ("orders_90d > 2", "gap_median_days > 30")
    )
    report = race(made, engine, (often, rarely), ("often", "rarely"), days=60)
    assert len(report.periods) == 4


def test_a_winner_that_reads_what_the_crm_said_later_is_told_so(tmp_path: Path, engine: Engine) -> None:
    """Nobody kept the kind of a customer before the first import, so replays know today's."""
    later: dict[str, float] = defaultdict(float)
    for _, customer, at, amount, _ in orders(2, 1.0, 300):
        later[customer] += float(amount) if at >= f"{LAST - timedelta(days=PERIOD)}" else 0.0
    made = shop(tmp_path / "shop", seed=2, customers=300, firms=sorted(later, key=lambda who: -later[who])[:100])
    peeking = read_scheme("scheme: p\nsegments: [{key: b, when: kind = 'business'}, {key: c, otherwise: true}]\n", "p")
    found = race(made, engine, (RESTLESS, peeking), ("restless", "peeking"), days=PERIOD).race
    assert found.winner is found.lanes[1]
    assert "schemes.race-known-today" in {each.key for each in found.cautions}
    assert not race(made, engine, (RESTLESS, RESTLESS), ("one", "other")).race.cautions
