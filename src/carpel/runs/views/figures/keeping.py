"""Figures in the run's folder: `figures/figures.json` and small Parquet tables beside it.

A run of another version of figures, or of none, is read all the same: then they are counted again when they are asked
for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.runs.moves.expecting import Arrow, Expectation
from carpel.runs.planning.plans import Flow
from carpel.runs.views.distributions import Shape
from carpel.runs.views.figures.bins import Bins
from carpel.runs.views.figures.values import Counted, Figures, Foretold, Line, Sold, Wanted

VERSION: Final = 2
"""Raised when figures are counted in another way."""

FOLDER: Final = "figures"
_WORDS: Final = "figures.json"
_COUNTS: Final = "counts.parquet"
_SOLD: Final = "sold.parquet"
_LINES: Final = "lines.parquet"

_SOLD_SCHEMA: Final = pa.schema(
    [
        ("leaf", pa.int32()),
        ("month", pa.date32()),
        ("weekday", pa.int8()),
        ("orders", pa.int64()),
        ("revenue", pa.int64()),
    ]
)
_LINES_SCHEMA: Final = pa.schema(
    [("leaf", pa.int32()), ("category", pa.string()), ("product", pa.string()), ("revenue", pa.int64())]
)


def write_figures(figures: Figures, run: Path) -> tuple[Path, ...]:
    """Write the figures into a run's folder; gives the files."""
    folder = run / FOLDER
    folder.mkdir(exist_ok=True)
    pq.write_table(_counts_table(figures), folder / _COUNTS)
    for name, rows, schema in ((_SOLD, figures.sold, _SOLD_SCHEMA), (_LINES, figures.lines, _LINES_SCHEMA)):
        if rows is not None:
            pq.write_table(pa.Table.from_pylist([vars(row) for row in rows], schema=schema), folder / name)
    (folder / _WORDS).write_text(json.dumps(_said(figures), ensure_ascii=False), encoding="utf-8")
    return tuple(sorted(folder.iterdir()))


def read_figures(run: Path) -> Figures | None:
    """The figures of a run's folder; None where there are none that this Carpel understands."""
    folder = run / FOLDER
    try:
        raw: dict[str, Any] = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        if raw["version"] != VERSION:
            return None
        return _figures(raw, folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _said(figures: Figures) -> dict[str, Any]:
    return {
        "version": VERSION,
        "leaves": list(figures.leaves),
        "bins": {key: asdict(each.bins) for key, each in figures.counted.items()},
        "known": dict(figures.known),
        "medians": {key: list(each.items()) for key, each in figures.medians.items()},
        "foretold": {key: asdict(each) for key, each in figures.foretold.items()},
        "wanted": [asdict(each) for each in figures.wanted],
        "flows": None if figures.flows is None else [asdict(each) for each in figures.flows],
        "expected": None if figures.expected is None else asdict(figures.expected),
        "products": dict(figures.products),
        "freshest": {name: day.isoformat() for name, day in figures.freshest.items()},
    }


def _counts_table(figures: Figures) -> pa.Table:
    """One row for each attribute, leaf and bar in which there is somebody."""
    parts = []
    for number, each in enumerate(figures.counted.values()):
        leaves, bars = np.nonzero(each.counts)
        columns = (np.full(len(leaves), number, np.int32), leaves.astype(np.int32), bars.astype(np.int32))
        parts.append(pa.table([*map(pa.array, columns), pa.array(each.counts[leaves, bars])], names=_COUNTS_COLUMNS))
    return pa.concat_tables(parts) if parts else pa.table({name: [] for name in _COUNTS_COLUMNS})


_COUNTS_COLUMNS: Final = ["attribute", "leaf", "bar", "customers"]


def _figures(raw: Mapping[str, Any], folder: Path) -> Figures:
    leaves = tuple(raw["leaves"])
    bins = {key: _bins(each) for key, each in raw["bins"].items()}
    return Figures(
        leaves=leaves,
        counted=_counted(bins, len(leaves), pq.read_table(folder / _COUNTS)),
        known=raw["known"],
        medians={key: dict(each) for key, each in raw["medians"].items()},
        foretold={
            key: Foretold(tuple(each["sums"]), tuple(each["customers"])) for key, each in raw["foretold"].items()
        },
        wanted=tuple(Wanted(**each) for each in raw["wanted"]),
        flows=None if raw["flows"] is None else tuple(Flow(**each) for each in raw["flows"]),
        expected=_expected(raw["expected"]) if raw["expected"] else None,
        sold=tuple(Sold(**row) for row in rows) if (rows := _rows(folder / _SOLD)) is not None else None,
        lines=tuple(Line(**row) for row in rows) if (rows := _rows(folder / _LINES)) is not None else None,
        products=raw["products"],
        freshest={name: date.fromisoformat(day) for name, day in raw["freshest"].items()},
    )


def _counted(bins: Mapping[str, Bins], leaves: int, table: pa.Table) -> dict[str, Counted]:
    of, leaf, bar, customers = (column.to_numpy() for column in table.columns)
    bounds = np.searchsorted(of, np.arange(len(bins) + 1))
    found = {}
    for number, (key, each) in enumerate(bins.items()):
        rows = slice(bounds[number], bounds[number + 1])
        counts = np.zeros((leaves + 1, each.width), dtype=np.int64)
        counts[leaf[rows], bar[rows]] = customers[rows]
        found[key] = Counted(each, counts)
    return found


def _bins(raw: Mapping[str, Any]) -> Bins:
    return Bins(
        shape=Shape(raw["shape"]),
        edges=tuple(raw["edges"]),
        words=tuple(raw["words"]),
        others=raw["others"],
        least=raw["least"],
        most=raw["most"],
    )


def _expected(raw: Mapping[str, Any]) -> Expectation:
    arrows = tuple(Arrow(**each) for each in raw["arrows"])
    return Expectation(periods=raw["periods"], period_days=raw["period_days"], arrows=arrows)


def _rows(file: Path) -> list[dict[str, Any]] | None:
    return pq.read_table(file).to_pylist() if file.is_file() else None
