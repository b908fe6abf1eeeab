"""What the run stands on is told as it is, and money adds up."""

from __future__ import annotations

import csv
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


def _lines(file: Path) -> int:
    """Rows below the heading. In the encodings of these files no byte of a character looks like a quote or an end."""
    with file.open(encoding="latin-1", newline="") as opened:
        return sum(1 for row in csv.reader(opened) if row) - 1


def test_rows_of_sources_are_those_of_their_files(company: Workspace) -> None:
    data = company.data()
    found = {source.name: source.rows for source in data.sources}
    counted = 0
    for source in data.sources:
        files = [company.settings.folder / file for file in source.files]
        if all(file.suffix == ".csv" for file in files):
            assert found[source.name] == sum(map(_lines, files)), source.name
            counted += 1
    assert counted
    assert data.rows_read == sum(rows or 0 for rows in found.values())
    tables = {table.name: table.all_rows for table in data.tables}
    facts = company.current.facts
    assert tables == {name: each.rows + each.rows_without_customer for name, each in facts.tables.items()}


def test_a_place_is_told_as_seen_from_the_workspace(company: Workspace) -> None:
    folder = company.settings.folder
    assert not [
        each.place for each in company.data().issues if each.place.startswith((str(folder), str(folder.resolve())))
    ]


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
