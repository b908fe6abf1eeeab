"""A run, from sources to being current."""

import csv
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.texts import Text, text
from carpel.runs import (
    CHECKS,
    Holder,
    Run,
    RunInProgress,
    RunState,
    RunStore,
    SchemeRefused,
    Settings,
    check,
    current_run,
    replay,
    run,
)
from carpel.runs.fingerprints import fingerprint
from carpel.runs.manifest import Manifest
from carpel.runs.pruning import beyond_policy
from carpel.runs.stages import STAGES
from carpel.runs.tally import tally
from tests.runs.workspaces import NOW, SCHEME, identity, make, publish_file, write_customers


class Listening:
    """Hears the stages of a run."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.steps: list[tuple[int, int]] = []

    def stage(self, name: Text) -> None:
        self.heard.append(name.key)

    def advance(self, done: int, total: int) -> None:
        self.steps.append((done, total))


def orders(settings: Settings) -> list[dict[str, str]]:
    with (settings.folder / "data" / "orders.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cents(rows: list[dict[str, str]]) -> int:
    return int(sum((Decimal(row["Amount"]) for row in rows), Decimal(0)) * 100)


def test_a_sound_run_becomes_current(made: Run, settings: Settings, store: RunStore) -> None:
    assert made.is_sound
    assert current_run(settings, store).manifest == made.manifest
    record = store.current()
    assert record is not None
    assert record.outcome is not None
    assert (record.id, record.state) == (made.id, RunState.CURRENT)
    assert (record.outcome.fingerprint, record.outcome.customers) == (made.manifest.fingerprint, 60)


def test_every_customer_is_in_exactly_one_segment_or_outside_the_base(shared: Run) -> None:
    rows = [row for file in shared.assignments.files for row in pq.read_table(file).to_pylist()]
    assert sorted(row["customer_id"] for row in rows) == sorted(identity(number) for number in range(60))
    outside = {row["customer_id"] for row in rows if row["segment"] is None}
    assert outside == {identity(number) for number in (0, 20, 40)}
    assert all(row["in_base"] == (row["segment"] is not None) for row in rows)
    assert {row["segment"] for row in rows} - {None} <= {leaf.key for leaf in shared.scheme.leaves}
    assert all(row["segment"] == row["segment_by_rule"] and row["held_until"] is None for row in rows)


def test_segments_and_rests_are_the_source_to_the_cent(made: Run, settings: Settings) -> None:
    manifest, source = made.manifest, orders(settings)
    segments = sum(each.revenue or 0 for each in manifest.segments)
    assert segments + (manifest.outside_revenue or 0) + sum(manifest.rests.values()) == cents(source)
    assert manifest.rests["without_customer"] == cents([row for row in source if not row["CustomerID"]]) != 0
    assert manifest.base + manifest.outside_base == 60
    assert sum(each.customers for each in manifest.segments) == manifest.base


def test_money_after_the_date_is_a_rest_of_its_own(settings: Settings, store: RunStore, engine: Engine) -> None:
    as_of = AsOf.start_of(date(2025, 3, 1), settings.time_zone)
    past = run(settings, engine, store, as_of=as_of, now=NOW)
    later = [row for row in orders(settings) if row["CustomerID"] and row["OrderedAt"] >= "2025-03-01"]
    assert past.is_sound
    assert past.manifest.rests["after_as_of"] == cents(later) != 0
    assert past.as_of == as_of


def test_a_run_is_as_of_now_where_data_are_fresh(shared: Run) -> None:
    assert shared.as_of == AsOf.at(NOW, "Asia/Manila")


def test_a_run_over_old_data_is_as_of_the_day_after_the_latest_event_and_says_so(
    settings: Settings, store: RunStore
) -> None:
    old = make(settings, store, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert old.as_of == AsOf.start_of(date(2025, 7, 1), "Asia/Manila")
    said = [issue for issue in old.issues if issue.code == "runs.as-of-after-latest"]
    assert [issue.text.params["latest"] for issue in said] == [date(2025, 6, 30)]


def test_a_run_says_each_stage(settings: Settings, store: RunStore) -> None:
    heard = Listening()
    made = make(settings, store, progress=heard)
    own = [key.removeprefix("runs.stage-") for key in heard.heard if key.startswith("runs.stage-")]
    assert own == [stage for stage in STAGES if stage != "publish"] + ["publish"]
    assert list(made.manifest.timings) == [stage for stage in STAGES if stage != "publish"]
    assert all(done <= total for done, total in heard.steps)


def test_a_manifest_says_what_it_was_told(shared: Run) -> None:
    assert Manifest.from_json(shared.manifest.to_json()) == shared.manifest
    assert shared.manifest.scheme == SCHEME
    assert set(shared.manifest.checks) == {check.__name__ for check in CHECKS}
    assert shared.manifest.files == {name: (shared.folder / name).stat().st_size for name in shared.manifest.files}
    assert shared.manifest.previous is None


def test_the_fingerprint_is_of_the_rows_whatever_their_order(shared: Run, engine: Engine) -> None:
    table = shared.assignments.unbound()
    assert fingerprint(table, reversed(shared.assignments.files), engine) == shared.manifest.fingerprint
    assert fingerprint(table, shared.assignments.files[:-1], engine) != shared.manifest.fingerprint


def test_the_same_facts_give_the_same_rows(made: Run, settings: Settings, store: RunStore) -> None:
    again = make(settings, store)
    assert again.id != made.id
    assert again.manifest.fingerprint == made.manifest.fingerprint
    assert again.manifest.previous is None
    assert store.states() == {made.id: RunState.FINISHED, again.id: RunState.CURRENT}


def test_how_customers_are_split_over_files_changes_nothing(
    shared: Run, settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("carpel.sources.staging.staging.bucket_size", lambda customers, largest: 7)
    split = make(settings, store)
    assert (len(shared.assignments.files), len(split.assignments.files)) == (1, 9)
    assert split.manifest.fingerprint == shared.manifest.fingerprint
    assert split.manifest.segments == shared.manifest.segments
    assert split.manifest.rests == shared.manifest.rests
    assert [split.index.find(identity(each)) for each in range(60)] == [
        shared.index.find(identity(each)) for each in range(60)
    ]


def without_customers(settings: Settings) -> None:
    write_customers(settings.folder, 0)
    (settings.folder / "data" / "orders.csv").write_text("OrderNo,CustomerID,OrderedAt,Amount\n", encoding="utf-8")


def test_sources_without_customers_never_become_current(settings: Settings, store: RunStore) -> None:
    without_customers(settings)
    empty = make(settings, store)
    assert [each.code for each in empty.failures] == ["runs.nobody"]
    assert (empty.manifest.base, empty.manifest.outside_base, len(empty.index)) == (0, 0, 0)
    assert store.current() is None


def test_an_export_that_lost_everybody_leaves_the_run_before_current(
    made: Run, settings: Settings, store: RunStore
) -> None:
    without_customers(settings)
    assert not make(settings, store).is_sound
    assert current_run(settings, store).id == made.id


def test_a_base_that_holds_nobody_is_allowed_and_said(made: Run, settings: Settings, store: RunStore) -> None:
    assert "runs.nobody-in-base" not in {each.code for each in made.issues}
    scheme = settings.folder / "schemes" / "customers.yaml"
    scheme.write_text(SCHEME.replace("kind <> 'internal'", "frequency > 1000000"), encoding="utf-8")
    publish_file(settings, store)
    alone = make(settings, store)
    assert current_run(settings, store).id == alone.id
    assert (alone.manifest.base, alone.manifest.outside_base) == (0, 60)
    said = {each.code: each.severity for each in alone.issues}
    assert said["runs.nobody-in-base"] is Severity.WARNING


def test_a_moment_in_the_future_is_refused(settings: Settings, store: RunStore, engine: Engine) -> None:
    today = AsOf.at(NOW, settings.time_zone).day
    assert run(settings, engine, store, as_of=AsOf.start_of(today, settings.time_zone), now=NOW).is_sound
    for wished in (
        AsOf.start_of(today + timedelta(days=1), settings.time_zone),
        AsOf.at(NOW + timedelta(hours=1), "UTC"),
    ):
        with pytest.raises(CarpelError) as refused:
            run(settings, engine, store, as_of=wished, now=NOW)
        assert refused.value.text.key == "runs.as-of-in-future"


def test_a_moment_before_anything_happened_is_refused_with_the_first_day(
    settings: Settings, store: RunStore, engine: Engine
) -> None:
    first = min(date.fromisoformat(row["OrderedAt"][:10]) for row in orders(settings))
    with pytest.raises(CarpelError) as refused:
        run(settings, engine, store, as_of=AsOf.start_of(first, settings.time_zone), now=NOW)
    assert refused.value.text.key == "runs.as-of-before-first"
    assert refused.value.text.params["first"] == first
    day_after = AsOf.start_of(first + timedelta(days=1), settings.time_zone)
    assert run(settings, engine, store, as_of=day_after, now=NOW).is_sound


def test_a_run_whose_checks_fail_is_kept_and_does_not_become_current(
    made: Run, settings: Settings, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*given: object) -> object:
        counted = tally(*given)  # type: ignore[arg-type]
        return replace(counted, revenue={key: amount - 1 for key, amount in (counted.revenue or {}).items()})

    monkeypatch.setattr("carpel.runs.examining.tally", short)
    failed = make(settings, store)
    assert not failed.is_sound
    assert [issue.code for issue in failed.failures] == ["runs.check-money"]
    assert (failed.folder / "manifest.json").is_file()
    assert store.states() == {made.id: RunState.CURRENT, failed.id: RunState.FAILED}
    assert current_run(settings, store).id == made.id


def test_a_scheme_that_cannot_be_stops_a_run_before_any_profile(settings: Settings, store: RunStore) -> None:
    path = settings.folder / "schemes" / "customers.yaml"
    path.write_text(SCHEME.replace("recency_days", "recency_day"), encoding="utf-8")
    with pytest.raises(SchemeRefused) as refused:
        make(settings, store)
    assert refused.value.place is not None
    assert refused.value.place.startswith("schemes/customers.yaml:")
    assert "recency_days" in refused.value.text.render()
    assert list(store.states().values()) == [RunState.REFUSED]
    assert list(settings.runs_folder.iterdir()) == []
    assert store.schemes.published("customers") is None


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant", "fil"])
def test_what_a_run_says_can_be_said_in_every_language(shared: Run, language: str) -> None:
    for issue in shared.issues:
        assert not issue.text.render(language).startswith(issue.code)


def test_a_second_run_is_refused_with_the_name_of_the_first(
    settings: Settings, store: RunStore, engine: Engine
) -> None:
    with store.lock(wait=0), pytest.raises(RunInProgress) as refused:
        run(settings, engine, store, now=NOW, wait=0.1)
    assert refused.value.holder is not None
    assert store.list() == ()


def test_several_schemes_need_a_name(settings: Settings, store: RunStore) -> None:
    schemes = settings.folder / "schemes"
    (schemes / "other.yaml").write_text(SCHEME, encoding="utf-8")
    with pytest.raises(CarpelError) as refused:
        make(settings, store)
    assert refused.value.text.key == "runs.several-schemes"
    assert make(replace(settings, scheme="other"), store).manifest.scheme_name == "schemes/other.yaml"
    with pytest.raises(CarpelError) as refused:
        make(replace(settings, scheme="othr"), store)
    assert "other" in refused.value.text.render()


def test_no_scheme_is_said(settings: Settings, store: RunStore) -> None:
    (settings.folder / "schemes" / "customers.yaml").unlink()
    with pytest.raises(CarpelError) as refused:
        make(settings, store)
    assert refused.value.text.key == "runs.no-scheme"


def test_a_workspace_without_a_run_says_so(settings: Settings, store: RunStore) -> None:
    with pytest.raises(CarpelError) as refused:
        current_run(settings, store)
    assert refused.value.text.key == "runs.no-current"


def test_runs_are_pruned_but_never_the_current_one(settings: Settings, store: RunStore) -> None:
    few = replace(settings, keep_runs=2)
    runs = [make(few, store) for _ in range(5)]
    states = [store.states()[each.id] for each in runs]
    assert states == [RunState.PRUNED] * 2 + [RunState.FINISHED] * 2 + [RunState.CURRENT]
    assert [each.folder.is_dir() for each in runs] == [False, False, True, True, True]
    assert current_run(few, store).facts.customers == 60


def test_the_facts_of_the_current_run_stay_however_often_sources_change(
    settings: Settings, store: RunStore, engine: Engine
) -> None:
    made = make(settings, store)
    path = settings.folder / "data" / "orders.csv"
    for number in range(4):
        more = f"N{number},{identity(2)},2025-06-30 10:00:00,5.00\n"
        path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
        assert issue_free(check(settings, engine, store, now=NOW))
    assert made.facts.folder.is_dir()
    assert replay(current_run(settings, store), engine).same
    assert len(list((settings.folder / ".carpel" / "facts").glob("*/facts.json"))) == 3


def test_a_run_can_be_read_without_its_facts(made: Run, settings: Settings, store: RunStore) -> None:
    before = made.catalogue
    shutil.rmtree(settings.folder / ".carpel" / "facts")
    again = current_run(settings, store)
    assert again.catalogue == before
    assert "recency_days" in again.catalogue.available
    assert again.index.find(identity(1)) is not None


def issue_free(issues: tuple[Issue, ...]) -> bool:
    return not any(issue.severity is Severity.ERROR for issue in issues)


def test_failed_runs_are_kept_for_a_week(settings: Settings, store: RunStore) -> None:
    make(settings, store)
    record = store.current()
    assert record is not None
    assert record.outcome is not None
    store.start("r2", Holder.myself())
    store.fail("r2", record.outcome, text("runs.nobody"))
    records, now = store.list(), datetime.now(UTC)
    assert beyond_policy(records, keep_runs=1, now=now + timedelta(days=6)) == ()
    assert beyond_policy(records, keep_runs=1, now=now + timedelta(days=8)) == ("r2",)
