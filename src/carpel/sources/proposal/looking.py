"""Looking at files: what each column holds, which columns depend on a key, and which values refer to which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import duckdb

from carpel.kernel.errors import CarpelError
from carpel.kernel.progress import Progress
from carpel.kernel.temporary import TemporaryFolder
from carpel.kernel.texts import text
from carpel.kernel.types import ValueType
from carpel.sources.proposal.evidence import Evidence, SeenColumn, SeenTable
from carpel.sources.proposal.shapes import KEY_TABLES
from carpel.sources.proposal.vocabulary import meanings, sounds_like_key
from carpel.sources.proposal.weighing import weighed
from carpel.sources.proposal.words import squashed
from carpel.sources.reading import Dataset, land, survey

FEW_VALUES: Final = 60
_COLUMNS_AT_ONCE: Final = 50
_COMPARED_VALUES: Final = 5000
_GROUPED_ROWS: Final = 400_000
_EXACT_ROWS: Final = 2_000_000
_NEARLY_UNIQUE: Final = 1.05
_LONGEST_NAME: Final = 60
_MOST_KEYS: Final = 16
_MOST_ASKED: Final = 100
_REFERS: Final = {"parent_id": "customers", "manager_id": "employees", "account_manager_id": "employees"}


@dataclass(frozen=True)
class _View:
    """A landed file in DuckDB, its columns by position: their own names may differ in case only."""

    name: str
    seen: SeenTable

    def column(self, name: str) -> str:
        """What a column is called in SQL."""
        return f"c{self._places[name]}"

    @cached_property
    def _places(self) -> dict[str, int]:
        return {each.name: place for place, each in enumerate(self.seen.dataset.columns)}


def look(paths: Sequence[Path], progress: Progress) -> Evidence:
    """Read files and measure what the mapping is decided by.

    Raises:
        CarpelError: A file cannot be read, or there is none.
    """
    progress.stage(text("proposal.stage-reading"))
    datasets = survey(paths)
    if not any(each.rows for each in datasets):
        files = ", ".join(str(file) for each in datasets for file in each.files)
        raise CarpelError("proposal.no-rows", place=files)
    progress.stage(text("proposal.stage-looking"))
    with TemporaryFolder("carpel-looking-") as folder, duckdb.connect() as connection:
        connection.execute("set threads = 2")
        views = []
        for each in _named(datasets):
            views.append(_viewed(connection, folder, *each))
            progress.advance(len(views), len(datasets))
        contained = dict(_contained(connection, views))
    return Evidence(tables={view.seen.name: view.seen for view in views}, contained=contained)


def _named(datasets: Sequence[Dataset]) -> Iterator[tuple[str, Dataset]]:
    """Each dataset with a name of its own, in an order that does not depend on how the files were given."""
    taken: set[str] = set()
    for dataset in sorted(datasets, key=lambda each: (each.name, [str(file) for file in each.files], each.sheet or "")):
        short = dataset.name[:_LONGEST_NAME]
        name, number = short, 1
        while name in taken:
            number += 1
            name = f"{short}_{number}"
        taken.add(name)
        yield name, dataset


def _viewed(connection: duckdb.DuckDBPyConnection, folder: Path, name: str, dataset: Dataset) -> _View:
    number = len(list(folder.iterdir()))
    landed = land(dataset.files, options=dataset.read, wanted=dict(_wanted(dataset)), to=folder / f"{number}.parquet")
    aliases = ", ".join(f"c{place}" for place in range(len(dataset.columns)))
    connection.execute(
        f"create view t{number} as select {aliases} from read_parquet({_literal(str(landed.path))}) as t({aliases})"
    )
    view = _View(f"t{number}", SeenTable(name=name, title=dataset.name, dataset=dataset, rows=landed.rows, columns=()))
    view = replace(view, seen=replace(view.seen, columns=tuple(_columns(connection, view))))
    unsold = weighed(connection, view.name, view.seen.columns, view.column)
    view = replace(view, seen=replace(view.seen, unsold=unsold))
    return replace(view, seen=_with_agreement(connection, view))


def _wanted(dataset: Dataset) -> Iterator[tuple[str, ValueType]]:
    """Possible keys as text, so that they compare; yes and no as they are written, so that words can be mapped."""
    for each in dataset.columns:
        if each.type is ValueType.BOOLEAN:
            yield each.name, ValueType.CATEGORY
        elif _may_be_key(each.name) and _may_be_id(each.type):
            yield each.name, ValueType.ID


def _may_be_id(kind: ValueType) -> bool:
    return kind in {ValueType.ID, ValueType.TEXT, ValueType.CATEGORY, ValueType.INTEGER}


def _may_be_key(name: str) -> bool:
    return sounds_like_key(name) is not None or bool(_things(name))


def _columns(connection: duckdb.DuckDBPyConnection, view: _View) -> Iterator[SeenColumn]:
    rows = view.seen.rows
    count = "count(distinct {0})" if rows <= _EXACT_ROWS else "approx_count_distinct({0})"
    decisions = view.seen.dataset.columns
    for start in range(0, len(decisions), _COLUMNS_AT_ONCE):
        places = range(start, min(start + _COLUMNS_AT_ONCE, len(decisions)))
        wanted = ", ".join(f"count(c{place}), {count.format(f'c{place}')}" for place in places)
        found = connection.execute(f"select {wanted} from {view.name}").fetchone() or ()
        for place, filled, distinct in zip(places, found[::2], found[1::2], strict=True):
            yield SeenColumn(
                name=decisions[place].name,
                decision=decisions[place],
                rows=rows,
                nulls=rows - filled,
                distinct=min(distinct, filled),
                values=_values(connection, view, f"c{place}") if distinct <= FEW_VALUES else (),
            )


def _values(connection: duckdb.DuckDBPyConnection, view: _View, column: str) -> tuple[tuple[str, int], ...]:
    found = connection.execute(
        f"select {column}::varchar, count(*) from {view.name} where {column} is not null group by 1 order by 2 desc, 1"
    ).fetchall()
    return tuple((str(value), int(count)) for value, count in found)


def _with_agreement(connection: duckdb.DuckDBPyConnection, view: _View) -> SeenTable:
    """For each possible key that repeats: how often its rows agree on each other column."""
    seen = view.seen
    determined: dict[tuple[str, str], float] = {}
    constant: dict[tuple[str, str], float] = {}
    meant = {each.name for each in seen.columns if meanings(each.name)}
    others = sorted((each.name for each in seen.columns), key=lambda name: name not in meant)[:_MOST_ASKED]
    keys = [each.name for each in seen.columns if each.repetition > 1 and _may_identify(each)]
    for key in keys[:_MOST_KEYS]:
        asked = [each for each in others if each != key]
        for start in range(0, len(asked), _COLUMNS_AT_ONCE):
            some = asked[start : start + _COLUMNS_AT_ONCE]
            shares = _agreeing(connection, view, view.column(key), [view.column(each) for each in some])
            for other, (agree, same) in zip(some, shares, strict=True):
                determined |= {(key, other): agree} if other in meant and agree is not None else {}
                constant |= {(key, other): same} if same is not None else {}
    return replace(seen, determined=determined, constant=constant)


def _agreeing(
    connection: duckdb.DuckDBPyConnection, view: _View, key: str, columns: Sequence[str]
) -> list[tuple[float | None, float | None]]:
    """Of the keys on several rows, for each column: the share that hold at most one value, and that say it on all."""
    every = max(1, view.seen.rows // _GROUPED_ROWS)
    counts = ", ".join(f"count(distinct {each}) as n{each}, count({each}) as f{each}" for each in columns)
    shares = ", ".join(
        f"avg((n{each} <= 1)::int), avg((n{each} <= 1 and f{each} in (0, every))::int)" for each in columns
    )
    found = connection.execute(
        f"select {shares} from (select {counts}, count(*) as every from {view.name} where {key} is not null "
        f"and hash({key}) % {every} = 0 group by {key} having count(*) > 1)"
    ).fetchone()
    shown = tuple(found or ())
    return list(zip(shown[::2], shown[1::2], strict=True))


def _may_identify(column: SeenColumn) -> bool:
    keys = {"customer_id", "order_id", "product_id", "email", "phone", "name"}
    return any(each.column in keys for each in meanings(column.name)) and not column.is_dated


def _contained(
    connection: duckdb.DuckDBPyConnection, views: Sequence[_View]
) -> Iterator[tuple[tuple[tuple[str, str], tuple[str, str]], float]]:
    """For columns that may refer to another's nearly unique column: the share of their values found there."""
    homes = [(view, column) for view in views for column in _homes(view)]
    for view in views:
        for column in [each for each in view.seen.columns if _may_be_key(each.name)][:_MOST_ASKED]:
            for home, key in homes:
                if (home is not view or _may_refer_to_its_own(column, key)) and _may_refer(column, key):
                    pair = (view.seen.name, column.name), (home.seen.name, key.name)
                    yield pair, _share_contained(connection, (view, column.name), (home, key.name))


def _homes(view: _View) -> list[SeenColumn]:
    """Columns that others may refer to; of very wide files the first only."""
    return [each for each in view.seen.columns if _may_be_home(each)][:_MOST_KEYS]


def _may_refer_to_its_own(column: SeenColumn, key: SeenColumn) -> bool:
    """Whether a column may hold another row of the same file: a parent, a manager."""
    return column is not key and any(each.column in _REFERS for each in meanings(column.name))


def _may_be_home(column: SeenColumn) -> bool:
    unique = 0 < column.filled <= column.distinct * _NEARLY_UNIQUE
    return unique and _may_be_key(column.name) and not column.is_dated and column.type is not ValueType.NUMBER


def _may_refer(column: SeenColumn, key: SeenColumn) -> bool:
    if column.is_dated or column.type in {ValueType.NUMBER, ValueType.BOOLEAN} or not column.filled:
        return False
    return squashed(column.name) == squashed(key.name) or bool(_things(column.name) & _things(key.name))


def _things(name: str) -> frozenset[str]:
    """The tables whose key or name a column may hold."""
    return frozenset(
        _REFERS.get(each.column) or KEY_TABLES.get(each.column, each.table)
        for each in meanings(name)
        if each.column in KEY_TABLES or each.column in _REFERS or each.column == "name"
    )


def _share_contained(connection: duckdb.DuckDBPyConnection, column: tuple[_View, str], key: tuple[_View, str]) -> float:
    (view, name), (home, unique) = column, key
    referring, referred = view.column(name), home.column(unique)
    found = connection.execute(
        f"with asked as (select distinct {referring}::varchar as v from {view.name} where {referring} is not null "
        f"order by v limit {_COMPARED_VALUES}) "
        f"select avg((v in (select {referred}::varchar from {home.name} where {referred} is not null))::int) from asked"
    ).fetchone()
    return float(found[0]) if found and found[0] is not None else 0.0


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
