"""CSV and its kin: DuckDB reads what keeps the rules, and a tolerant reader what does not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from carpel.sources.reading.dialects import Dialect
from carpel.sources.reading.plain_text import PlainText
from carpel.sources.reading.scratch import Scratch, literal
from carpel.sources.reading.text_tables import SPACES, TextTable, write_rows
from carpel.sources.reading.tolerant import TolerantRows

_LINE: Final = 2_000_000
_WIDE: Final = 200


def text_table(source: Path, plain: PlainText, dialect: Dialect, scratch: Scratch) -> TextTable:
    """The cells of a delimited file."""
    issues = (*plain.issues, *dialect.issues)
    to = scratch.new_file(".parquet")
    try:
        scratch.run(_strict_copy(plain.path, dialect, to))
    except duckdb.Error:
        rows = TolerantRows(plain.path, dialect, str(source))
        to = write_rows(rows, len(dialect.names), scratch)
        issues = (*issues, *rows.issues)
    return TextTable(source, to, dialect.names, issues)


def _strict_copy(path: Path, dialect: Dialect, to: Path) -> str:
    columns = [f"c{number}" for number in range(len(dialect.names))]
    # Comparing first makes rows quick and planning slow, the more so the more columns there are.
    tidy = trimmed if len(columns) > _WIDE else _trimmed
    cells = ", ".join(f"{tidy(column)} AS {column}" for column in columns)
    types = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    reader = (
        f"read_csv({literal(str(path))}, delim={literal(dialect.delimiter)}, quote='\"', escape='\"', header=false, "
        f"skip={dialect.skipped}, auto_detect=false, strict_mode=true, max_line_size={_LINE}, columns={{{types}}})"
    )
    query = f"SELECT {cells}, NULL::VARCHAR AS extra FROM {reader}"
    return f"COPY ({query}) TO {literal(str(to))} (FORMAT parquet, COMPRESSION lz4)"


def _trimmed(column: str) -> str:
    """Most cells need no trimming, and comparing is cheaper than trimming."""
    tidy = f"{column} > '!' AND {column} < '~' AND NOT ends_with({column}, ' ')"
    return f"CASE WHEN {tidy} THEN {column} ELSE {trimmed(column)} END"


def trimmed(column: str) -> str:
    """A text without space around it; null where nothing is left."""
    return f"nullif(trim({column}, {literal(SPACES)}), '')"
