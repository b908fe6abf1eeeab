"""Moves add up to sizes, compose over runs, and outlive the runs."""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import Run, RunStore, Settings, run
from carpel.runs.folders import remove
from carpel.runs.moves import Moves, chain, memberships, moves_between, record_moves
from carpel.runs.moves.comparing import Moment, _flows
from carpel.runs.moves.expecting import earlier_movements
from carpel.runs.moves.states import State, state_from_log
from tests.runs.workspaces import NOW, identity, make, publish_file, with_engine, write_customers

SEGMENTS = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))


def placed(made: Run, engine: Engine) -> dict[str, str | None]:
    table = engine.read(made.assignments.unbound(), {"assignments": made.assignments.files})
    return {row["customer_id"]: row["segment"] for row in table.to_pylist()}


def sizes(places: Iterable[str | None]) -> dict[str, int]:
    return dict(Counter(each for each in places if each is not None))


@pytest.fixture
def three(settings: Settings, store: RunStore) -> tuple[Run, ...]:
    """Three runs a month apart, before the last of which a customer is gone and others are new."""
    first, second = on("2025-03-20", settings, store), on("2025-05-10", settings, store)
    write_customers(settings.folder, 75)
    return first, second, on("2025-07-01", settings, store)


def on(day: str, settings: Settings, store: RunStore) -> Run:
    """A run as of a day."""
    engine = with_engine()
    try:
        return run(settings, engine, store, as_of=AsOf.parse(day, settings.time_zone), now=NOW)
    finally:
        engine.close()


def test_flows_add_up_to_the_sizes_of_both_runs(settings, store, engine, three):
    first, second, third = three
    for start, end in ((first, second), (second, third), (first, third)):
        moves = moves_between(settings, store, engine, start=start.as_of, end=end.as_of)
        before, after = placed(start, engine), placed(end, engine)
        assert {each.key: each.before for each in moves.segments if each.before} == sizes(before.values())
        assert {each.key: each.after for each in moves.segments if each.after} == sizes(after.values())
        counted = Counter((before.get(who), after.get(who)) for who in {*before, *after})
        counted.pop((None, None), None)
        assert {(each.before, each.after): each.customers for each in moves.flows} == counted
        assert sum(each.revenue or 0 for each in moves.flows if each.after) == sum(
            each.revenue or 0 for each in end.manifest.segments
        )
        for each in moves.segments:
            assert each.net == each.came + each.entered - each.left - each.exited
    assert any(each.before != each.after for each in moves_between(settings, store, engine).flows)


def test_moves_over_pruned_runs_are_those_that_were(settings, store, engine, three):
    first, second, third = three
    whole = moves_between(settings, store, engine, start=first.as_of, end=third.as_of)
    way = [memberships(identity(number), chain(settings, store), engine) for number in range(70)]
    for each in (first, second):
        remove(each.folder)
    pruned = moves_between(settings, store, engine, start=first.as_of, end=third.as_of)
    assert pruned == whole
    assert [memberships(identity(number), chain(settings, store), engine) for number in range(70)] == way
    middle = moves_between(settings, store, engine, start=first.as_of, end=second.as_of)
    assert all(each.revenue is None for each in middle.flows)


def test_a_membership_is_where_each_run_found_the_customer(settings, store, engine, three):
    found = [placed(each, engine) for each in three]
    days = [each.as_of.day for each in three]
    for number in range(75):
        stays = memberships(identity(number), chain(settings, store), engine)
        for day, places in zip(days, found, strict=True):
            inside = [each.segment for each in stays if each.start <= day and (each.end is None or day < each.end)]
            assert (inside or [None]) == [places.get(identity(number))]
        assert all(each.days is None or each.days > 0 for each in stays)
    assert memberships("nobody", chain(settings, store), engine) == ()


def test_the_log_holds_only_those_who_moved(settings, store, engine, three):
    logged = chain(settings, store)
    assert [each.run for each in logged] == [each.id for each in three]
    rows = [pq.read_table(each.file).num_rows for each in logged]
    moved = [
        sum(each.customers for each in moves_between(settings, store, engine, start=one.as_of, end=two.as_of).moved)
        for one, two in pairwise(three)
    ]
    assert rows == [three[0].manifest.base, *moved]
    (_, last) = earlier_movements(logged, three[-1].as_of.day, three[-1].manifest.logic, engine)
    assert sum(customers for (old, _), customers in last.counts.items() if old) == three[1].manifest.base


def test_logging_again_changes_nothing_and_what_is_missing_is_made_up(settings, store, engine, three):
    logged = chain(settings, store)
    written = [each.file.read_bytes() for each in logged]
    for each in logged[1:]:
        each.file.with_suffix(".json").unlink()
    assert chain(settings, store) == ()
    record_moves(settings, store, engine)
    assert chain(settings, store) == logged
    assert [each.file.read_bytes() for each in logged[:1]] == written[:1]


def test_a_second_run_of_a_day_corrects_the_first(settings, store, engine):
    first = on("2025-05-10", settings, store)
    on("2025-07-01", settings, store)
    again = on("2025-07-01", settings, store)
    assert [each.run for each in chain(settings, store)] == [first.id, again.id]


def test_a_day_without_a_run_is_replayed_and_says_so(settings, store, engine):
    made = make(settings, store)
    with pytest.raises(CarpelError) as alone:
        moves_between(settings, store, engine)
    assert alone.value.text.key == "runs.moves-one-run"
    moves = moves_between(settings, store, engine, start=AsOf.parse("2025-05-01", settings.time_zone))
    assert moves.start.run is None
    assert moves.end.run == made.id
    assert {each.key: each.after for each in moves.segments if each.after} == sizes(placed(made, engine).values())
    with pytest.raises(CarpelError) as turned:
        moves_between(settings, store, engine, start=made.as_of, end=made.as_of)
    assert turned.value.text.key == "runs.moves-order"


def test_another_logic_expects_nothing(settings, store, engine):
    on("2025-05-10", settings, store)
    file = settings.folder / "schemes" / "customers.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("> 60", "> 90"), encoding="utf-8")
    publish_file(settings, store)
    made = on("2025-07-01", settings, store)
    assert made.manifest.previous
    assert earlier_movements(chain(settings, store), made.as_of.day, made.manifest.logic, engine) == ()


@given(st.lists(st.tuples(SEGMENTS, SEGMENTS, SEGMENTS), max_size=30))
def test_flows_of_any_two_days_add_up_and_three_runs_compose(tmp_path_factory, engine, ways):
    folder = tmp_path_factory.mktemp("days")
    for one, two in ((0, 1), (1, 2), (0, 2)):
        before, after = (_state(folder, name, [way[day] for way in ways]) for name, day in (("x", one), ("y", two)))
        flows = _flows(before, after, engine)
        expected = Counter((way[one], way[two]) for way in ways)
        expected.pop((None, None), None)
        assert {(each.before, each.after): each.customers for each in flows} == expected
        side = Moment(day=NOW.date(), run=None, logic="")
        moves = Moves(start=side, end=side, flows=flows)
        assert {each.key: each.before for each in moves.segments if each.before} == sizes(way[one] for way in ways)
        assert {each.key: each.after for each in moves.segments if each.after} == sizes(way[two] for way in ways)


def _state(folder: Path, name: str, segments: list[str | None]) -> State:
    """Everyone's last place, as a log of one run would hold it."""
    query, bindings = state_from_log(name, ())
    file = folder / f"{name}.parquet"
    everyone = [f"C{number}" for number in range(len(segments))]
    nothing = [None] * len(segments)
    columns = {
        "customer_id": pa.array(everyone, pa.string()),
        "previous_segment": pa.array(nothing, pa.string()),
        "segment": pa.array(segments, pa.string()),
        "day": pa.array([NOW.date()] * len(segments), pa.date32()),
        "revenue": pa.array(nothing, pa.int64()),
    }
    pq.write_table(pa.table(columns), file)
    return query, dict.fromkeys(bindings, (file,))
