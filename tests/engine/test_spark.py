"""Spark as an engine: refusals in words, one file where it was asked for, and whole runs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import carpel
from carpel.engine import open_engine, reaching, spark_session
from carpel.engine.spark import SparkEngine
from carpel.engine.spark_session import java
from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.runs import Run
from tests.engine.cluster import standalone
from tests.engine.test_engine import ORDERS, spent
from tests.runs.workspaces import tiny
from tests.scenarios.conftest import Made, files, made
from tests.scenarios.scenario import SCENARIOS
from tests.servers import INSTALL

__all__ = ["files", "made"]

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]

RETAIL = next(each for each in SCENARIOS if each.key == "online_retail")


@pytest.fixture
def orders(tmp_path: Path) -> list[Path]:
    """Two files in a folder whose name means other things to Spark."""
    folder = tmp_path / "it's [2025] {a,b} 100%20 *"
    folder.mkdir()
    pq.write_table(pa.table({"customer_no": [1, 1], "amount": [5, 6], "tags": [["a"], None]}), folder / "1.parquet")
    pq.write_table(pa.table({"customer_no": [2], "amount": [7], "tags": [["b", "c"]]}), folder / "2.parquet")
    return sorted(folder.iterdir())


def test_a_result_is_one_file_in_order_and_nothing_beside_it(spark: Engine, orders: list[Path], tmp_path: Path) -> None:
    to = orders[0].parent / "out.parquet"
    assert spark.write(spent(), {"orders": orders}, to) == 2
    assert pq.read_table(to).to_pylist() == [{"customer_no": 1, "amount": 11}, {"customer_no": 2, "amount": 7}]
    assert pq.read_schema(to).field("amount").type == pa.int64()
    assert sorted(to.parent.iterdir()) == sorted([*orders, to])


def test_no_rows_are_an_empty_file(spark: Engine, tmp_path: Path) -> None:
    assert spark.write(ORDERS, {}, tmp_path / "out.parquet") == 0
    assert pq.read_schema(tmp_path / "out.parquet").names == ["customer_no", "amount", "tags"]


def test_files_become_a_live_table(spark: Engine, orders: list[Path]) -> None:
    assert spark.table(orders).amount.sum().execute() == 18
    assert sum(batch.num_rows for batch in spark.batches(ORDERS, {"orders": orders}, rows=1)) == 3


def test_an_unreadable_file_is_told_by_name(spark: Engine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"not parquet")
    with pytest.raises(CarpelError, match=r"broken\.parquet"):
        spark.read(ORDERS, {"orders": [broken]})


def test_one_process_has_one_spark(spark: Engine) -> None:
    spark.read(ORDERS, {})
    other = open_engine("local[1]")
    with pytest.raises(CarpelError, match=r"already works at local\[2\]"):
        other.read(ORDERS, {})
    other.close()


def test_a_folder_that_workers_do_not_reach_is_refused(
    spark: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another disk at the same place: what this process writes is not there, or what workers write is not here."""
    assert isinstance(spark, SparkEngine)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    reaching.refuse_unreachable(spark._session, tmp_path / "shared", "spark://here:7077")
    assert list((tmp_path / "shared").iterdir()) == []
    for name in ("place_to_read", "place_of"):
        with monkeypatch.context() as patched:
            patched.setattr(reaching, name, lambda path: f"file://{elsewhere}/{path.name}")
            with pytest.raises(CarpelError, match="do not see the same files"):
                reaching.refuse_unreachable(spark._session, tmp_path / "shared", "spark://here:7077")


def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("JAVA_HOME", str(tmp_path))
        with pytest.raises(CarpelError, match="openjdk-17"):
            open_engine("local[2]")
    monkeypatch.setattr(spark_session, "find_spec", lambda name: None)
    with pytest.raises(CarpelError, match=r"pip install 'carpel\[spark\]'"):
        open_engine("spark://host:7077")


@pytest.mark.parametrize("name", ["local[]", "local[two]", "spark:host", "yarn", "Spark"])
def test_a_misspelt_engine_is_refused(name: str) -> None:
    with pytest.raises(CarpelError, match="There is no engine called"):
        open_engine(name)


def _same(ours: Run, theirs: Run) -> None:
    """Two runs' parameters, segmentation and rows are equal."""
    assert theirs.is_sound
    for each in ("parameters", "cuts", "segments", "base", "outside_base", "outside_revenue", "ledger", "rests"):
        assert getattr(theirs.manifest, each) == getattr(ours.manifest, each), each
    rows = [pq.read_table(list(run.profiles.files)) for run in (ours, theirs)]
    for name in rows[0].column_names:
        assert rows[1][name].to_pylist() == rows[0][name].to_pylist(), name
    names = [name for name in ours.assignments.columns if not name.startswith("previous_")]
    held = [pq.read_table(list(run.assignments.files), columns=names).to_pylist() for run in (ours, theirs)]
    assert held[1] == held[0]


def _on_spark(folder: Path, master: str) -> None:
    """Name the engine in a workspace's carpel.yaml."""
    file = folder / "carpel.yaml"
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("engine:")]
    file.write_text("\n".join([f"engine: {master}", *lines, ""]), encoding="utf-8")


def test_both_engines_publish_the_same_segmentation_of_online_retail(made: Made, spark: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "retail"
    with carpel.open(shutil.copytree(made(RETAIL).settings.folder, folder)) as workspace:
        ours = workspace.current
    _on_spark(folder, spark.name)
    with carpel.open(folder) as workspace:
        theirs = workspace.run()
        assert workspace.current.id == theirs.id
        _same(ours, theirs)
        assert theirs.manifest.versions["engine"] == "local[2]"
        assert workspace.runs.replay().same


def test_a_cluster_of_several_processes_makes_a_whole_run(tmp_path: Path) -> None:
    """The command as a process of its own: embedded, on workers that Spark starts itself, and on a master's."""
    if java() is None:
        pytest.skip(f"Java is not installed: {INSTALL}")
    folder = tiny(tmp_path / "tiny").folder
    with standalone(tmp_path) as master:
        names = ("duckdb", "local-cluster[2,1,1024]", master)
        for name in names:
            _on_spark(folder, name)
            _run_by_command(folder)
    with carpel.open(folder) as workspace:
        ours, *theirs = reversed([workspace.runs.open(record.id) for record in workspace.runs.list(len(names))])
        assert [each.manifest.versions["engine"] for each in theirs] == list(names[1:])
        for each in theirs:
            _same(ours, each)


def _run_by_command(folder: Path) -> None:
    script = "from carpel.cli import main; main()"
    command = [sys.executable, "-c", script, "run", "-w", str(folder), "--as-of", "2025-07-01"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ERROR" not in done.stderr
