"""Carpel against the obvious alternatives, in turn: `python -m benchmarks [--customers N] [--rounds N] [--folder DIR]`.

Prints a table of ratios with peak memory. Staging, which reads the export once, is timed apart: both
alternatives read the export in every run.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from tempfile import gettempdir

import duckdb

from benchmarks.company import Size, generate
from benchmarks.measure import Timing, interleaved, once

LINES_PER_CUSTOMER = 20
PROFILING = ("parameters", "profiles", "cuts", "assignments")


def main() -> None:
    """Generate, stage, time, compare, print."""
    wishes = argparse.ArgumentParser(prog="python -m benchmarks")
    wishes.add_argument("--customers", type=int, default=1_000_000)
    wishes.add_argument("--rounds", type=int, default=5)
    wishes.add_argument("--folder", type=Path, default=Path(gettempdir()) / "carpel-benchmarks")
    wishes.add_argument("--tenfold", action="store_true", help="also ten times the lines, once")
    wish = wishes.parse_args()
    size = Size(wish.customers, wish.customers * LINES_PER_CUSTOMER)
    folder: Path = wish.folder / str(wish.customers)
    company = generate(folder / "company", size)
    staging = _staged(folder / "workspace", company)
    timings = interleaved(
        {
            "carpel": ("benchmarks.carpel_run", "run", str(folder / "workspace")),
            "sql": ("benchmarks.peer_sql", str(company), str(folder / "sql")),
            "pandas": ("benchmarks.peer_pandas", str(company), str(folder / "pandas")),
        },
        wish.rounds,
    )
    look = json.loads(once(("benchmarks.carpel_run", "look", str(folder / "workspace"))).output)
    _print(size, staging, timings, look, _agreement(timings["carpel"], folder / "sql"))
    if wish.tenfold:
        _tenfold(wish.folder, size, timings["carpel"])


def _staged(workspace: Path, company: Path) -> Timing:
    shutil.rmtree(workspace, ignore_errors=True)
    return once(("benchmarks.carpel_run", "stage", str(workspace), str(company)))


def _agreement(carpel: Timing, sql: Path) -> float:
    """The share of customers whom both put into the same segment; ties of modes are broken differently."""
    run = json.loads(carpel.output)["run"]
    ours, theirs = f"'{run}/assignments/*.parquet'", f"'{sql}/assignments.parquet'"
    query = f"SELECT avg((a.segment = b.segment)::int) FROM {ours} a JOIN {theirs} b USING (customer_id)"
    return float(duckdb.sql(query).fetchall()[0][0])


def _print(size: Size, staging: Timing, timings: dict[str, Timing], look: dict[str, float], agreement: float) -> None:
    seconds = json.loads(timings["carpel"].output)
    profiling = sum(seconds[name] for name in PROFILING)
    carpel, sql, pandas = (timings[name] for name in ("carpel", "sql", "pandas"))
    print(
        f"{size.customers:,} customers, {size.lines:,} order lines; medians of {len(carpel.seconds)} interleaved runs\n"
    )
    print(f"{'':44}{'seconds':>9}{'peak MB':>9}{'ratio':>8}{'target':>8}")
    for name, took, peak, ratio, target in (
        ("DuckDB SQL chain", sql.median, sql.peak_mb, None, None),
        ("pandas notebook", pandas.median, pandas.peak_mb, None, None),
        ("Carpel, profiles and assignment, to SQL", profiling, carpel.peak_mb, profiling / sql.median, 0.8),
        ("Carpel, whole run with checks, to SQL", carpel.median, carpel.peak_mb, carpel.median / sql.median, 1.3),
        ("Carpel, whole run with checks, to pandas", carpel.median, carpel.peak_mb, carpel.median / pandas.median, 0.4),
        ("Carpel, staging once", staging.median, staging.peak_mb, None, None),
    ):
        figures = "" if ratio is None else f"{ratio:8.2f}{target:8.1f}"
        print(f"{name:44}{took:9.1f}{peak:9,}{figures}")
    print(
        f"\nOne customer's segment and why: {look['median_ms']:.2f} ms median, {look['p99_ms']:.2f} ms p99 (target 10)"
    )
    print(f"Same segment as the SQL chain: {agreement:.2%} of customers")
    print("Stages: " + ", ".join(f"{name} {took:.1f} s" for name, took in seconds.items() if name != "run"))


def _tenfold(folder: Path, size: Size, before: Timing) -> None:
    """Ten times the lines in the same memory."""
    large = Size(size.customers, size.lines * 10)
    place = folder / f"{size.customers}-tenfold"
    company = generate(place / "company", large)
    _staged(place / "workspace", company)
    took = once(("benchmarks.carpel_run", "run", str(place / "workspace")))
    ratio = took.median / before.median
    print(f"\nTen times the lines: {took.median:.1f} s, {took.peak_mb:,} MB, {ratio:.1f}x the time (target 11)")


if __name__ == "__main__":
    main()
