"""Help with refining on real data: what is suggested can be published, and moves nobody else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import carpel
from carpel.runs.past import FOLDER, past
from carpel.workspace import Workspace
from tests.scenarios.conftest import Made
from tests.scenarios.scenario import SCENARIOS

CDNOW = next(each for each in SCENARIOS if each.key == "cdnow_master")


@pytest.fixture
def cdnow(made: Made, tmp_path: Path) -> Iterator[Workspace]:
    with carpel.open(shutil.copytree(made(CDNOW).settings.folder, tmp_path / "cdnow")) as workspace:
        yield workspace


def placed(workspace: Workspace) -> dict[str, str]:
    rows = workspace.assignments.to_arrow().select(["customer_id", "segment"]).to_pylist()
    return {row["customer_id"]: row["segment"] for row in rows}


def test_a_segment_of_rfm_is_divided_where_the_money_is(cdnow: Workspace) -> None:
    """Of CDNOW's champions those who spent most go on to spend most; the change publishes and moves no other."""
    before = placed(cdnow)
    found = cdnow.schemes.suggest_split("champions")
    best, change = found.splits[0]
    assert best.worthwhile
    assert best.parts[0].next_money > 2 * best.parts[1].next_money
    cdnow.schemes.apply(change)
    assert cdnow.publish().number == 2
    cdnow.run()
    parts = {segment.key for segment in cdnow.current.scheme.segment("champions").segments}
    after = placed(cdnow)
    assert {who for who, segment in after.items() if segment in parts} == {
        who for who, segment in before.items() if segment == "champions"
    }
    assert all(after[who] == segment for who, segment in before.items() if segment != "champions")
    sizes = {each.key: each.customers for each in cdnow.segments().rows}
    assert [part.customers for part in best.parts] == [sizes[each.key] for each in change.refinement.segments]  # type: ignore[union-attr]


def test_what_the_judging_half_brought_is_what_the_file_says(cdnow: Workspace, data: Path) -> None:
    """The money of a period, who is of which half and for whom the rule holds, all counted from the file by hand."""
    advice = cdnow.schemes.suggest_split("champions").advice
    best = next(each for each in advice.splits if each.option.attribute.key == "monetary_value")
    bound = re.fullmatch(r"monetary_value >= (\d+)", best.option.rule)
    assert bound
    since = f"date >= '{advice.period.start.day}'"
    then = past(cdnow.current, cdnow.engine, advice.scheme, advice.period.start, cdnow.settings.folder / FOLDER)
    query = f"""
        WITH champions AS (SELECT customer_id FROM read_parquet({[str(file) for file in then.assignments.files]})
                           WHERE segment = 'champions' AND md5('1:' || customer_id)[1] > '7'),
        money AS (SELECT CAST(customer_id AS varchar) AS customer_id,
                         sum(dollar_value::decimal(18,2)) FILTER (NOT {since}) AS before,
                         coalesce(sum(dollar_value::decimal(18,2)) FILTER ({since}), 0) AS next
                  FROM '{data / "cdnow" / "CDNOW_master.parquet"}' GROUP BY 1)
        SELECT before >= {bound[1]} AS holds, avg(next) FROM champions JOIN money USING (customer_id) GROUP BY 1"""
    means: dict[bool, Any] = dict(duckdb.sql(query).fetchall())
    assert best.parts[0].next_money == pytest.approx(100 * means[True])
    assert best.parts[1].next_money == pytest.approx(100 * means[False])


def test_siblings_of_rfm_that_sleep_and_are_lost_are_alike(cdnow: Workspace) -> None:
    before = placed(cdnow)
    (merge, change), *_ = cdnow.schemes.suggest_merge().merges
    keys = {side.key for side in merge.sides}
    assert keys == {"about-to-sleep", "lost"}
    cdnow.schemes.apply(change)
    cdnow.publish()
    cdnow.run()
    after = placed(cdnow)
    assert all(after[who] == ("about-to-sleep" if segment in keys else segment) for who, segment in before.items())


def test_rfm_of_twelve_segments_says_more_than_everyone_alike(cdnow: Workspace, tmp_path: Path) -> None:
    everyone = tmp_path / "everyone.yaml"
    everyone.write_text("scheme: everyone\nsegments: [{key: all, otherwise: true}]\n", encoding="utf-8")
    race = cdnow.schemes.race(everyone, "published").race
    assert race.winner is race.lanes[1]
    assert race.lanes[0].explained == pytest.approx(0.0, abs=1e-3)
    assert race.lanes[1].best_share > 0.4
