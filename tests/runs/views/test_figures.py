"""Figures are counted once; whoever lacks them counts the same again."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import carpel
from carpel.runs.manifest import read_manifest
from carpel.runs.views.figures import Figures, keeping, made_of, make_figures, read_figures
from carpel.workspace import Workspace
from tests.runs.views.conftest import NOW, Ask


def same(one: Figures, other: Figures) -> bool:
    counted = all(
        one.counted[key].bins == other.counted[key].bins
        and np.array_equal(one.counted[key].counts, other.counted[key].counts)
        for key in one.counted
    )
    plain = ("leaves", "known", "medians", "sold", "lines", "products", "freshest")
    return (
        counted
        and one.counted.keys() == other.counted.keys()
        and all(getattr(one, name) == getattr(other, name) for name in plain)
    )


def test_what_is_kept_is_what_is_counted(company: Workspace) -> None:
    kept = read_figures(company.current.folder)
    assert kept
    assert same(kept, make_figures(made_of(company.current), company.engine))


def test_every_customer_is_in_one_column_of_each_attribute(company: Workspace) -> None:
    kept = read_figures(company.current.folder)
    assert kept
    sizes = [size.customers for size in company.current.manifest.segments]
    for counted in kept.counted.values():
        if counted.bins.words or counted.bins.shape != "sets":
            count = counted.bins.count if counted.bins.shape != "sets" else 0
            columns = [*range(count), *range(counted.bins.count, counted.counts.shape[1])]
            assert counted.counts[:, columns].sum(axis=1)[:-1].tolist() == sizes


def test_medians_are_those_of_sql(company: Workspace, ask: Ask) -> None:
    kept = read_figures(company.current.folder)
    assert kept
    for key, by_segment in kept.medians.items():
        only = "AND frequency > 0" if key == "frequency" else ""
        rows = ask(f"SELECT segment, median({key}) FROM placed WHERE segment IS NOT NULL {only} GROUP BY 1")
        for segment, middle in rows:
            assert by_segment.get(segment) == (None if middle is None else pytest.approx(float(middle)))


def test_a_run_of_an_older_carpel_is_shown_the_same(company: Workspace, tmp_path: Path) -> None:
    shutil.copytree(company.settings.folder, tmp_path / "older")
    with carpel.open(tmp_path / "older") as older:
        for name in ("figures", "search"):
            shutil.rmtree(older.current.folder / name)
        assert older.overview(now=NOW).segments == company.overview(now=NOW).segments
        assert older.overview(now=NOW).moves == company.overview(now=NOW).moves
        assert older.segment("regulars", now=NOW) == company.segment("regulars", now=NOW)
        assert older.customers_page(search="san") == company.customers_page(search="san")


def test_many_readers_at_once_are_told_the_same(company: Workspace) -> None:
    def look(opened: Workspace) -> object:
        found = opened.customers_page(search="san", where={"kind": "0"}, limit=5)
        card = opened.profile(found.rows[0].id)
        return opened.segment("lapsed", now=NOW).sentences, found, card.timeline, opened.overview(now=NOW).rests

    with carpel.open(company.settings.folder) as opened, ThreadPoolExecutor(8) as threads:
        first, *others = threads.map(look, [opened] * 24)
    assert all(other == first for other in others)


def test_figures_of_another_version_are_counted_again(company: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "VERSION", keeping.VERSION + 1)
    assert read_figures(company.current.folder) is None


def test_what_pages_show_belongs_to_the_run(company: Workspace) -> None:
    files = read_manifest(company.current.folder).files
    assert {"figures/figures.json", "figures/counts.parquet", "search/names.arrow"} <= files.keys()
