"""Tables written as the company's systems export them: CSV, Parquet, JSON lines, Excel."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow.csv as pc
import pyarrow.parquet as pq
import xlsxwriter

Writer = Callable[[Any, Path], None]

_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def write_csv(table: Any, path: Path) -> None:
    """Comma-separated UTF-8."""
    pc.write_csv(table, path)


def write_shop_csv(table: Any, path: Path) -> None:
    """Semicolons and GB18030, as the web shop's system writes it."""
    buffer = io.BytesIO()
    pc.write_csv(table, buffer, pc.WriteOptions(delimiter=";"))
    path.write_bytes(buffer.getvalue().decode("utf-8").encode("gb18030"))


def write_parquet(table: Any, path: Path) -> None:
    """Parquet."""
    pq.write_table(table, path, compression="zstd")


def write_json_lines(table: Any, path: Path) -> None:
    """One JSON object a line; what is unknown is left out."""
    names = table.column_names
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for values in zip(*(table.column(name).to_pylist() for name in names), strict=True):
            row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_excel(sheets: Mapping[str, Any], path: Path) -> None:
    """One workbook with a sheet for each table."""
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        # The time of writing would make two equal workbooks differ.
        book.set_properties({"created": _NEVER})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, table.column_names)
            for at, column in enumerate(table.columns):
                sheet.write_column(1, at, column.to_pylist())


EXPORTS: Final[Mapping[str, tuple[str, str, Writer]]] = {
    "customers": ("crm/customers", "csv", write_csv),
    "accounts": ("shop/accounts", "csv", write_shop_csv),
    "contacts": ("crm/contacts", "csv", write_csv),
    "orders": ("shop/orders", "parquet", write_parquet),
    "order_lines": ("shop/order_lines", "parquet", write_parquet),
    "invoices": ("finance/invoices", "parquet", write_parquet),
    "payments": ("finance/payments", "csv", write_csv),
    "contracts": ("crm/contracts", "csv", write_csv),
    "opportunities": ("crm/opportunities", "csv", write_csv),
    "interactions": ("crm/interactions", "jsonl", write_json_lines),
    "usage": ("shelfwatch/usage", "parquet", write_parquet),
    "feedback": ("care/feedback", "csv", write_csv),
    "costs": ("finance/costs", "parquet", write_parquet),
}
"""For each export of a block: its folder, its ending, and how it is written; a part for each block."""


def write_part(data: Path, name: str, part: int, table: Any) -> None:
    """One block's part of an export."""
    folder, ending, write = EXPORTS[name]
    (data / folder).mkdir(parents=True, exist_ok=True)
    write(table, data / folder / f"part-{part:04d}.{ending}")
