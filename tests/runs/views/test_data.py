"""What the run stands on is told as it is, and money adds up."""

from __future__ import annotations

from pathlib import Path

import duckdb

import carpel
from carpel.demo import generate
from carpel.kernel.texts import LANGUAGES
from carpel.runs import CHECKS
from carpel.runs.views.surveying import REASONS
from carpel.sources.staging import checking, duplicates
from carpel.workspace import Workspace
from tests.runs.views.conftest import END


def test_the_money_adds_up_to_the_sources(company: Workspace) -> None:
    money = dict(company.data().money)
    assert money.pop("source") == sum(money.values())


def test_tables_and_sources_are_those_of_the_facts(company: Workspace) -> None:
    data = company.data()
    facts = company.current.facts
    assert {table.name: table.rows for table in data.tables} == {name: each.rows for name, each in facts.tables.items()}
    assert [source.name for source in data.sources] == [source.name for source in company.settings.sources]
    assert not [source for source in data.sources if source.missing]
    assert all(not Path(file).is_absolute() for source in data.sources for file in source.files)


def test_rows_set_aside_are_counted_by_reason_with_examples(company: Workspace) -> None:
    data = company.data()
    files = f"{company.current.facts.folder}/quarantine/*.parquet"
    counted = duckdb.execute(f"SELECT \"table\", count(*), sum(amount) FROM '{files}' GROUP BY 1").fetchall()
    for table, rows, amount in counted:
        found = [each for each in data.quarantine if each.table == table]
        assert sum(each.rows for each in found) == rows
        assert sum(each.amount or 0 for each in found) == (amount or 0)
        assert all(each.examples for each in found)
    assert sum(table.set_aside for table in data.tables) == sum(rows for _, rows, _ in counted)


def test_every_reason_and_check_has_its_words(company: Workspace) -> None:
    reasons = {value for name, value in vars(checking).items() if name.isupper() and isinstance(value, str)}
    assert reasons | {duplicates.DUPLICATE, duplicates.SUPERSEDED} == REASONS
    checks = company.data().runs[0].checks
    assert [check.name for check in checks] == [check.__name__ for check in CHECKS]
    assert all(check.passed for check in checks)
    for check in checks:
        assert all(check.text.render(language) != check.text.key for language in LANGUAGES)


def test_runs_come_newest_first_with_their_timings(company: Workspace) -> None:
    runs = company.data().runs
    assert [run.record.id for run in runs] == sorted((run.record.id for run in runs), reverse=True)
    assert all(run.kept and {"profiles", "index", "figures"} <= run.timings.keys() for run in runs)


def test_data_can_be_looked_at_before_the_first_run(tmp_path: Path) -> None:
    generate(tmp_path / "new", customers=20, end=END)
    with carpel.open(tmp_path / "new") as workspace:
        data = workspace.data()
    assert (data.run, data.tables, data.runs) == (None, (), ())
    assert data.sources
