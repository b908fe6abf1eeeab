"""METHODS row 19 by the path that a person takes, and the command as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

from tests.conftest import ROOT
from tests.scenarios.conftest import command
from tests.schemes.test_published import PYRAMID


def test_the_pyramid_of_the_cdnow_sample_is_the_published_one(data: Path, tmp_path: Path) -> None:
    """24, 118 and 472 customers hold 14.55, 36.07 and 67.46 % of sales."""
    source = tmp_path / "sample.parquet"
    duckdb.sql(f"""COPY (SELECT master_id AS customer_id, date, dollar_value
                         FROM '{data}/cdnow/CDNOW_sample.parquet') TO '{source}'""")
    folder = tmp_path / "sample"
    command("init", folder, "--from", source, "--yes", "--currency", "USD")
    (folder / "schemes" / "customers.yaml").write_text(PYRAMID)
    segments = command("run", "--workspace", folder)["segments"]
    held = {each["key"]: each for each in segments}
    customers, money, seen = 0, 0.0, []
    total = sum(each["revenue"] for each in segments)
    for tier in ("top", "large", "medium"):
        customers += held[tier]["customers"]
        money += held[tier]["revenue"]
        seen.append((customers, round(100 * money / total, 2)))
    assert seen == [(24, 14.55), (118, 36.07), (472, 67.46)]


def test_the_command_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    source = ROOT / "examples" / "shop"
    script = "from carpel.cli import main; main()"
    steps = (
        ("init", "shop", "--from", str(source), "--yes", "--currency", "PHP"),
        ("run", "-w", "shop"),
        ("explain", "001379", "-w", "shop"),
        ("export", "assignments", "-w", "shop", "--to", "out.xlsx"),
    )
    for step in steps:
        done = subprocess.run(
            [sys.executable, "-c", script, *step],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout
    assert (tmp_path / "out.xlsx").stat().st_size > 1000
