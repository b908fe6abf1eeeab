"""DuckDB alone, in the run's folder, finds a good run proved and a spoilt one not, for the right claim."""

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from carpel.kernel.engine import Engine
from carpel.runs import Run, RunStore, Settings
from carpel.runs.proof import EVERYONE, HOLDS, MONEY_ADDS_UP, ONE_ROW, ONE_SEGMENT, RULES, SIZES, proof
from tests.runs.workspaces import NOW, SCHEME, make, publish_file

EVERY = {ONE_ROW, EVERYONE, ONE_SEGMENT, SIZES, MONEY_ADDS_UP, RULES, HOLDS}

ALONE = """\
import duckdb, sys
for claim, proved, wrong in duckdb.connect().execute(sys.stdin.read()).fetchall():
    print(claim, proved, wrong)
assert "carpel" not in sys.modules
"""


def judged(run: Run, engine: Engine, folder: Path) -> dict[str, bool]:
    """What the last statement says in a folder that holds the run's files."""
    sql = ";\n".join(statement for _, statement in proof(run, engine))
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE], input=sql, cwd=folder, capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    assert all((wrong == "0") == (proved == "True") for _, proved, wrong in rows)
    return {claim: proved == "True" for claim, proved, _ in rows}


def false_after(run: Run, engine: Engine, folder: Path, file: str, query: str) -> set[str]:
    """The claims that fail once a file of the run is replaced; `old` is what it held."""
    spoilt = Path(shutil.copytree(run.folder, folder / "spoilt"))
    path = spoilt / file
    duckdb.execute(f"CREATE OR REPLACE TEMP TABLE old AS FROM '{path}'")
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return {claim for claim, proved in judged(run, engine, spoilt).items() if not proved}


def test_a_good_run_is_proved(shared, engine):
    assert judged(shared, engine, shared.folder) == dict.fromkeys(EVERY, True)


def test_every_statement_has_a_sentence_in_every_language(shared, engine):
    for sentence, _ in proof(shared, engine):
        for language in ("en", "zh-Hans", "zh-Hant", "fil"):
            assert sentence.render(language) != sentence.key


ASSIGNMENTS = "assignments/0000.parquet"
ONE_OF_BASE = "(SELECT min(customer_id) FROM old WHERE segment = 'buyers')"


@pytest.mark.parametrize(
    ("file", "query", "fails", "stands"),
    [
        pytest.param(
            ASSIGNMENTS,
            f"SELECT * REPLACE (CASE WHEN customer_id = {ONE_OF_BASE} THEN 'everyone-else' ELSE segment END AS segment)"
            " FROM old",
            {SIZES, HOLDS},
            {ONE_ROW, EVERYONE, ONE_SEGMENT, RULES, MONEY_ADDS_UP},
            id="another segment",
        ),
        pytest.param(
            ASSIGNMENTS,
            f"SELECT * REPLACE (CASE WHEN customer_id = {ONE_OF_BASE} THEN 'nowhere' ELSE segment END AS segment)"
            " FROM old",
            {ONE_SEGMENT, SIZES, HOLDS},
            {ONE_ROW, EVERYONE, RULES, MONEY_ADDS_UP},
            id="no segment of the scheme",
        ),
        pytest.param(
            ASSIGNMENTS,
            "SELECT * REPLACE ('everyone-else' AS segment_by_rule) FROM old",
            {RULES},
            {ONE_ROW, EVERYONE, ONE_SEGMENT, SIZES, MONEY_ADDS_UP, HOLDS},
            id="another segment by rule",
        ),
        pytest.param(
            ASSIGNMENTS,
            f"SELECT * FROM old WHERE customer_id <> {ONE_OF_BASE}",
            {ONE_ROW, EVERYONE, SIZES, RULES},
            {ONE_SEGMENT},
            id="a row dropped",
        ),
        pytest.param(
            ASSIGNMENTS,
            f"SELECT * FROM old UNION ALL SELECT * FROM old WHERE customer_id = {ONE_OF_BASE}",
            {ONE_ROW, EVERYONE, SIZES},
            {ONE_SEGMENT, RULES, HOLDS},
            id="a row twice",
        ),
        pytest.param(
            "profiles/0000.parquet",
            "SELECT * REPLACE (CASE WHEN customer_id = (SELECT arg_max(customer_id, monetary_value) FROM old)"
            " THEN monetary_value + 1 ELSE monetary_value END AS monetary_value) FROM old",
            {MONEY_ADDS_UP},
            {ONE_ROW, EVERYONE, ONE_SEGMENT, RULES, HOLDS},
            id="an amount changed by one unit",
        ),
    ],
)
def test_a_spoilt_run_is_not_proved(shared, engine, tmp_path, file, query, fails, stands):
    found = false_after(shared, engine, tmp_path, file, query)
    assert fails <= found
    assert not stands & found


def test_a_run_that_holds_customers_is_proved(settings: Settings, store: RunStore, engine: Engine):
    held = SCHEME.replace("segments:", "hold: 400 days\nsegments:", 1)
    (settings.folder / "schemes" / "customers.yaml").write_text(held, encoding="utf-8")
    publish_file(settings, store)
    make(settings, store)
    made = make(settings, store, now=NOW + timedelta(days=3))
    assert made.manifest.previous
    assert judged(made, engine, made.folder) == dict.fromkeys(EVERY, True)
