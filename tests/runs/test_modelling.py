"""A run learns its models, asks them about every customer, keeps what they learned, and can do it all again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.models import MODELS, Customers, Ground
from carpel.profiles import catalogue
from carpel.runs import Run, RunStore, Settings, plan, read_settings, replay
from carpel.runs.past import past
from carpel.schemes import read_scheme
from carpel.store import open_store
from tests.runs.workspaces import SCHEME, SETTINGS, make, publish_file, tiny

WITH_VALUE = SETTINGS.replace("sources:\n", "models: [value]\nsources:\n")
BY_VALUE = SCHEME.replace("when: frequency > 0", "when: clv_12m >= 500 or alive_probability_low > 0.9")
CUSTOMERS = 60


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A workspace whose scheme asks what customers are worth."""
    folder = tmp_path_factory.mktemp("modelling") / "tiny"
    tiny(folder)
    (folder / "carpel.yaml").write_text(WITH_VALUE, encoding="utf-8")
    (folder / "schemes" / "customers.yaml").write_text(BY_VALUE, encoding="utf-8")
    return read_settings(folder)


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[RunStore]:
    opened = open_store("sqlite", settings.folder)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def made(settings: Settings, store: RunStore) -> Run:
    return make(settings, store)


def profiles_of(run: Run) -> pa.Table:
    return pa.concat_tables([pq.read_table(file) for file in run.profiles.files]).sort_by("customer_no")


def test_rules_divide_customers_by_what_a_model_says(made: Run) -> None:
    """Every customer has one segment, and it is the one that the answers in their profile call for."""
    assert made.is_sound
    segments = pa.concat_tables([pq.read_table(file) for file in made.assignments.files]).sort_by("customer_no")
    rows = zip(profiles_of(made).to_pylist(), segments["segment"].to_pylist(), strict=True)
    divided = [(row, segment) for row, segment in rows if segment in {"buyers", "everyone-else"}]
    assert {segment for _, segment in divided} == {"buyers", "everyone-else"}
    for row, segment in divided:
        worth, alive = row["clv_12m"], row["alive_probability_low"]
        holds = (worth is not None and worth >= 50_000) or (alive is not None and alive > 0.9)
        assert (segment == "buyers") is holds


def test_profiles_keep_only_what_the_scheme_asks_where_they_are_restricted(made: Run) -> None:
    assert [name for name in profiles_of(made).column_names if "clv" in name or "alive" in name] == [
        "alive_probability_low",
        "clv_12m",
    ]


def test_answers_are_those_of_the_model_asked_alone(made: Run, engine: Engine) -> None:
    ground = Ground(facts=made.facts, catalogue=catalogue(made.facts), as_of=made.as_of, engine=engine)
    everybody = profiles_of(made)
    learned = MODELS["value"].learn(ground)
    said = learned.answers(Customers(profiles=everybody, buckets=tuple(range(made.facts.bucket_count)), ground=ground))
    assert everybody["clv_12m"].to_pylist() == said["clv_12m"].to_pylist()
    assert made.cards["value"].to_json() == learned.card.to_json()


def test_reasons_tell_each_customers_own_rhythm(made: Run, engine: Engine) -> None:
    ground = made.basis.ground(engine)
    everybody = profiles_of(made)
    customers = Customers(profiles=everybody, buckets=tuple(range(made.facts.bucket_count)), ground=ground)
    said = made.models["value"].reasons(customers)
    assert len(said) == everybody.num_rows
    for days, reasons in zip(everybody["recency_days"].to_pylist(), said, strict=True):
        assert bool(reasons) is (days is not None)
        if reasons:
            told = reasons[0].said.params
            assert told.get("silence", told["count"]) == pytest.approx(days, abs=1)


def test_a_replay_asks_what_the_run_learned(made: Run, engine: Engine) -> None:
    assert replay(replace(made), engine).same


def test_a_replay_refuses_a_model_that_was_changed(made: Run, engine: Engine) -> None:
    file = made.folder / "models" / "value.json"
    whole = file.read_bytes()
    try:
        file.write_bytes(whole.replace(b'"rate": ', b'"rate": 1'))
        with pytest.raises(CarpelError) as refused:
            replay(replace(made), engine)
        assert refused.value.text.key == "runs.model-changed"
    finally:
        file.write_bytes(whole)


def test_an_earlier_day_is_learned_anew_from_what_was_known_then(
    made: Run, settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    """Purchases of later days have no part in it: the same facts without them give the same rows."""
    at = AsOf.start_of(date(2025, 5, 1), settings.time_zone)
    scheme = read_scheme(BY_VALUE, "customers")
    seen = past(made, engine, scheme, at, tmp_path / "past")
    early = tiny(tmp_path / "early")
    orders = early.folder / "data" / "orders.csv"
    rows = orders.read_text(encoding="utf-8").splitlines()
    known = [row for row in rows if row.startswith("OrderNo") or row.split(",")[2] < "2025-05-01"]
    orders.write_text("\n".join(known) + "\n", encoding="utf-8")
    for name, content in (("carpel.yaml", WITH_VALUE), ("schemes/customers.yaml", BY_VALUE)):
        (early.folder / name).write_text(content, encoding="utf-8")
    opened = open_store("sqlite", early.folder)
    then = make(read_settings(early.folder), opened, now=at.instant)
    opened.close()
    found = pa.concat_tables([pq.read_table(file) for file in seen.profiles.files]).sort_by("customer_no")
    assert found["clv_12m"].to_pylist() == profiles_of(then)["clv_12m"].to_pylist()
    assert found["clv_12m"].to_pylist() != profiles_of(made)["clv_12m"].to_pylist()


def test_a_plan_may_ask_what_the_run_did_not_keep(
    settings: Settings, made: Run, store: RunStore, engine: Engine
) -> None:
    file = settings.folder / "schemes" / "customers.yaml"
    try:
        file.write_text(BY_VALUE.replace("clv_12m >= 500", "clv_lifetime >= 500"), encoding="utf-8")
        found = plan(settings, engine, store)
        assert sum(flow.customers for flow in found.flows) == CUSTOMERS == made.manifest.rows["profiles"]
    finally:
        file.write_text(BY_VALUE, encoding="utf-8")


def test_a_model_that_nobody_declared_is_refused_with_the_nearest(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "carpel.yaml").write_text(WITH_VALUE.replace("[value]", "[valeu]"), encoding="utf-8")
    with pytest.raises(CarpelError) as refused:
        read_settings(tmp_path)
    assert refused.value.text.key == "runs.unknown-model"
    assert "value" in refused.value.text.render()


def test_a_rule_that_asks_a_model_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    settings = tiny(tmp_path / "tiny")
    (settings.folder / "schemes" / "customers.yaml").write_text(BY_VALUE, encoding="utf-8")
    opened = open_store("sqlite", settings.folder)
    with pytest.raises(CarpelError, match="clv_12m"):
        publish_file(settings, opened)
    opened.close()


def test_the_manifest_of_a_run_of_old_knows_no_models(made: Run) -> None:
    raw = json.loads(made.manifest.to_json())
    raw["format"] = 2
    del raw["models"]
    assert type(made.manifest).from_json(json.dumps(raw)).models == {}
