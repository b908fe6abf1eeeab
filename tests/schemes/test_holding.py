"""Holding: who stays, until when, and who is let go at once."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.dates import AsOf
from carpel.schemes import Held, Previous, Scheme, assign, fit_cuts, held, home_of, place, read_scheme, why
from carpel.schemes.placing import interpreter
from tests.schemes.company import AS_OF, COMPANY, profiles
from tests.schemes.test_partition import customers, schemes

TODAY = AS_OF.day
SCHEME = """
scheme: s
hold: 30 days
segments:
- {key: alarm, when: recency_days > 200, urgent: true}
- {key: heavy, when: frequency > 3}
- {key: rest, otherwise: true}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("holding")


def before(rows: dict[str, tuple[str | None, date | None]], folder: Path) -> Previous:
    """Assignments before, by customer."""
    path = folder / f"before-{len(list(folder.iterdir()))}.parquet"
    columns = {
        "customer_id": pa.array(list(rows), pa.string()),
        "segment": pa.array([segment for segment, _ in rows.values()], pa.string()),
        "held_until": pa.array([until for _, until in rows.values()], pa.date32()),
    }
    pq.write_table(pa.table(columns), path)
    return Previous(files=(path,))


def days() -> st.SearchStrategy[date | None]:
    return st.one_of(st.none(), st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days)))


@given(schemes(hold="30 days"), customers(), st.data())
def test_the_engine_and_python_hold_every_customer_alike(folder, engine, scheme: Scheme, rows, data):
    keys = [*scheme.paths, "gone", None]
    known: dict[str, tuple[str | None, date | None]] = {
        f"C{number}": (data.draw(st.sampled_from(keys)), data.draw(days()))
        for number in data.draw(st.sets(st.integers(0, len(rows))))
    }
    previous = before(known, folder)
    held_profiles = profiles(rows, folder)
    cuts = fit_cuts(scheme, held_profiles, engine)
    steps = assign(scheme, held_profiles, cuts, previous)
    table = engine.read(steps, {**held_profiles.bindings, **previous.bindings})
    assert sorted(table["customer_no"].to_pylist()) == list(range(len(rows)))
    for row in table.to_pylist():
        segment, until = known.get(row["customer_id"], (None, None))
        values = dict.fromkeys(COMPANY.available) | rows[row["customer_no"]]
        placed = place(scheme, cuts, values)
        assert row["segment_by_rule"] == placed.segment
        home = home_of(interpreter(scheme, cuts), segment, values)
        wanted = held(scheme, placed.segment, TODAY, home, until)
        assert Held(segment=row["segment"], until=row["held_until"]) == wanted
        assert row["previous_segment"] == segment
        if row["in_base"]:
            assert row["segment"] in {leaf.key for leaf in scheme.leaves}


@pytest.mark.parametrize(
    ("customer", "previous", "segment", "until"),
    [
        pytest.param({"frequency": 5}, None, "heavy", 30, id="who enters is held from today"),
        pytest.param({"frequency": 5}, ("rest", 10), "rest", 10, id="who is held stays"),
        pytest.param({"frequency": 5}, ("rest", 0), "heavy", 30, id="on the day itself the hold has ended"),
        pytest.param({"frequency": 5}, ("rest", None), "heavy", 30, id="who was there before any hold is free"),
        pytest.param({"frequency": 5}, ("heavy", -5), "heavy", -5, id="who stays by the rules begins no new hold"),
        pytest.param({"recency_days": 300}, ("heavy", 10), "alarm", 30, id="an urgent segment does not wait"),
        pytest.param({"frequency": 1}, ("alarm", 10), "alarm", 10, id="an urgent segment holds as any other"),
        pytest.param({"frequency": 5}, ("closed", 10), "heavy", 30, id="a segment that is no more holds nobody"),
    ],
)
def test_who_is_held(
    customer: dict[str, Any], previous: tuple[str, int | None] | None, segment: str, until: int, folder, engine
):
    scheme = read_scheme(SCHEME, "s.yaml")
    known: dict[str, tuple[str | None, date | None]] = {}
    if previous:
        known = {"C0": (previous[0], None if previous[1] is None else TODAY + timedelta(days=previous[1]))}
    there = profiles([customer], folder)
    earlier = before(known, folder)
    steps = assign(scheme, there, fit_cuts(scheme, there, engine), earlier)
    row = engine.read(steps, {**there.bindings, **earlier.bindings}).to_pylist()[0]
    assert (row["segment"], row["held_until"]) == (segment, TODAY + timedelta(days=until))


def test_a_hold_is_explained_until_its_day(folder, engine):
    scheme = read_scheme(SCHEME, "s.yaml")
    there = profiles([{"frequency": 5, "recency_days": 3}], folder)
    cuts = fit_cuts(scheme, there, engine)
    values = {"customer_id": "C0", "frequency": 5, "recency_days": 3}
    waiting = {**values, "segment": "rest", "held_until": TODAY + timedelta(days=9)}
    found = why(scheme, cuts, waiting, COMPANY, AS_OF)
    assert (found.segment, found.by_rule, found.path) == ("rest", "heavy", ("rest",))
    assert found.because[0].key == "schemes.because-held"
    stays = why(scheme, cuts, {**waiting, "segment": "heavy"}, COMPANY, AS_OF)
    assert stays.because[0].key == "schemes.because-stays"
    later = AsOf.parse((TODAY + timedelta(days=9)).isoformat(), AS_OF.time_zone)
    assert why(scheme, cuts, {**waiting, "segment": "heavy"}, COMPANY, later).held_until is None


DIVIDED = """
scheme: s
hold: 30 days
segments:
- {key: alarm, when: recency_days > 200, urgent: true}
- key: heavy
  when: frequency > 3
  segments:
  - {key: heavy-rich, when: monetary_value > 100}
  - {key: heavy-poor, otherwise: true}
- {key: rest, otherwise: true}
"""


def test_a_segment_that_was_divided_still_holds_its_customers_in_the_part_that_its_rules_give(folder, engine):
    scheme = read_scheme(DIVIDED, "s.yaml")
    there = profiles([{"frequency": 1, "monetary_value": 90_000}, {"frequency": 5}], folder)
    until = TODAY + timedelta(days=9)
    earlier = before({"C0": ("heavy", until), "C1": ("heavy", until)}, folder)
    steps = assign(scheme, there, fit_cuts(scheme, there, engine), earlier)
    found = engine.read(steps, {**there.bindings, **earlier.bindings}).to_pylist()
    told = {row["customer_id"]: (row["segment"], row["segment_by_rule"], row["held_until"]) for row in found}
    assert told == {"C0": ("heavy-rich", "rest", until), "C1": ("heavy-poor", "heavy-poor", until)}


@pytest.mark.parametrize(
    ("segment", "moved_to"),
    [
        pytest.param("rest", "heavy", id="held where the rules put them"),
        pytest.param("heavy", None, id="held where a change would put them"),
    ],
)
def test_what_would_move_a_held_customer_is_not_where_they_are(segment, moved_to, folder, engine):
    values = {"frequency": 3, "recency_days": 3}
    scheme = read_scheme(SCHEME, "s.yaml")
    cuts = fit_cuts(scheme, profiles([values], folder), engine)
    until = TODAY + timedelta(days=9)
    known = dict.fromkeys(COMPANY.available) | values | {"segment": segment, "held_until": until}
    found = why(scheme, cuts, known, COMPANY, AS_OF)
    change = found.would_change
    assert (change and change.segment) == moved_to
    if change:
        assert change.from_day == until
        assert found.change.key == "schemes.change-from"


URGENT = """
scheme: s
hold: 30 days
segments:
- {key: waiting, when: frequency > 3, urgent: true}
- {key: few, when: frequency <= 1}
- {key: rest, otherwise: true}
"""


def test_nobody_is_advised_into_an_urgent_segment_though_it_would_take_them_at_once(folder, engine):
    scheme = read_scheme(URGENT, "s.yaml")
    cuts = fit_cuts(scheme, profiles([{"frequency": 1}], folder), engine)
    known = {"frequency": 1, "segment": "few", "held_until": TODAY + timedelta(days=9)}
    assert why(scheme, cuts, known, COMPANY, AS_OF).would_change is None


@given(schemes(hold="30 days"), customers(), st.data())
def test_a_change_moves_a_held_customer_on_the_day_that_it_says(folder, engine, scheme: Scheme, rows, data):
    """Applied, and with the hold taken into account, it leads out of where they are: then, and not earlier."""
    there = profiles(rows, folder)
    cuts = fit_cuts(scheme, there, engine)
    reader = interpreter(scheme, cuts)
    for row in rows[:5]:
        values = dict.fromkeys(COMPANY.available) | row
        by_rule = place(scheme, cuts, values).segment
        previous, until = data.draw(st.sampled_from([leaf.key for leaf in scheme.leaves])), data.draw(days())
        now = held(scheme, by_rule, TODAY, previous, until)
        told = why(scheme, cuts, values | {"segment": now.segment, "held_until": now.until}, COMPANY, AS_OF)
        change = told.would_change
        if change is None:
            continue
        changed = values | {name: after for name, _, after in change.attributes}
        ruled = place(scheme, cuts, changed).segment
        assert ruled == change.segment
        assert ruled not in {by_rule, now.segment}
        home = home_of(reader, now.segment, changed)
        assert held(scheme, ruled, change.from_day or TODAY, home, now.until).segment == ruled
        if change.from_day:
            eve = change.from_day - timedelta(days=1)
            assert held(scheme, ruled, eve, home, now.until).segment == now.segment
