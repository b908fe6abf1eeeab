"""A table reads the same in whatever form it was written."""

import gzip
import json
import random
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from carpel.kernel.types import ValueType
from carpel.sources.reading import ReadOptions, land, survey
from tests.sources.reading.conftest import Write, codes, landed, looked_at

moment = datetime.fromisoformat
NAMES = {
    "UTF-8": ["Ana", "北京", "José, Jr.", 'the "best"', "two\nlines", "₱"],
    "utf-8-sig": ["Ana", "北京", "José", 'the "best"', "x", "₱"],
    "utf-16": ["Ana", "北京", "José", 'the "best"', "x", "₱"],
    "utf-16-le": ["Ana", "Berta", "José", 'the "best"', "x", "Ñ"],
    "gb18030": ["北京市朝阳区", "上海的客户", "张伟和李娜", "购买商品", "电话号码", "中国"],
    "big5": ["臺北市信義區", "高雄的客戶", "陳先生與林小姐", "購買商品", "電話號碼", "中文"],
    "cp1252": ["José", "Müller", "Françoise", "Peña", "Søren", "Zoë"],
}
STYLES = {"D/M/Y": "%d/%m/%Y", "Y-M-D": "%Y-%m-%d", "D.M.y": "%d.%m.%y", "Y年M月D日": "%Y年%m月%d日"}


def packed(content: bytes, packing: str) -> bytes:
    if packing == "gz":
        return gzip.compress(content)
    return bytes(pa.compress(content, "zstd", asbytes=True)) if packing == "zst" else content


def text_of(rows: list[tuple[Any, ...]], delimiter: str, style: str, decimal: str) -> str:
    def shown(value: Any) -> str:
        if isinstance(value, date):
            return value.strftime(STYLES[style])
        if isinstance(value, Decimal):
            return str(value).replace(".", decimal)
        return "" if value is None else str(value)

    def cell(value: Any) -> str:
        plain = shown(value)
        quote = any(mark in plain for mark in (delimiter, '"', "\n")) or plain == ""
        return '"' + plain.replace('"', '""') + '"' if quote else plain

    head = delimiter.join(("customer_id", "name", "day", "amount"))
    return "\n".join((head, *(delimiter.join(map(cell, row)) for row in rows))) + "\n"


@settings(max_examples=30)
@given(
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(sorted(NAMES)),
    style=st.sampled_from(sorted(STYLES)),
    decimal=st.sampled_from([".", ","]),
    packing=st.sampled_from(["", "gz", "zst"]),
    seed=st.integers(0, 10_000),
)
def test_a_table_reads_back_however_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    delimiter: str,
    encoding: str,
    style: str,
    decimal: str,
    packing: str,
    seed: int,
) -> None:
    if encoding == "cp1252" and "年" in STYLES[style]:
        style = "Y-M-D"
    chance = random.Random(seed)  # noqa: S311 - a test that repeats
    rows: list[tuple[Any, ...]] = [
        (
            f"{number:04d}",
            chance.choice(NAMES[encoding]),
            date(2018, 1, 1 + number % 28).replace(month=chance.randint(1, 12)) if chance.random() > 0.2 else None,
            Decimal(chance.randint(-10_000, 10_000)).scaleb(-2) if chance.random() > 0.2 else None,
        )
        for number in range(30, 75)
    ]
    rows.append(("9999", NAMES[encoding][0], date(2019, 12, 31), Decimal("0.05")))
    folder = tmp_path_factory.mktemp("written")
    ending = f".{packing}" if packing else ""
    path = folder / f"table.csv{ending}"
    path.write_bytes(packed(text_of(rows, delimiter, style, decimal).encode(encoding), packing))
    result, columns = landed(path, folder)
    assert list(zip(*(columns[name] for name in ("customer_id", "name", "day", "amount")), strict=True)) == rows
    assert columns["__row"] == list(range(1, len(rows) + 1))
    assert set(columns["__raw"]) == {None}
    assert set(columns["__file"]) == {str(path)}
    assert result.rows == len(rows)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_decisions_do_not_depend_on_the_order_of_rows(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a test that repeats
    cells = {
        "mixed": ["01/02/2019", "03/04/2020", "25/12/2019", "12/25/2019", "soon", ""],
        "amount": ["1,5", "2.000,25", "7", "n/a"],
        "key": ["007", "12", "C9", "13"],
        "flag": ["yes", "no", "-"],
    }
    rows = [[chance.choice(values) for values in cells.values()] for _ in range(40)]
    folder = tmp_path_factory.mktemp("shuffled")
    found = []
    for attempt in range(2):
        path = folder / f"{attempt}" / "data.csv"
        path.parent.mkdir()
        path.write_text("\n".join(("\t".join(cells), *map("\t".join, rows))) + "\n")
        found.append(looked_at(path, header=True, delimiter="\t"))
        chance.shuffle(rows)
    assert found[0].columns == found[1].columns
    assert [(each.code, each.count, each.examples) for each in found[0].issues] == [
        (each.code, each.count, each.examples) for each in found[1].issues
    ]


def test_a_workbook_gives_its_sheets(tmp_path: Path) -> None:
    path = tmp_path / "crm.xlsx"
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    orders = book.add_worksheet("Orders")
    orders.write(0, 0, "Orders of 2019")
    orders.write_row(2, 0, ["order_id", "ordered_on", "amount", "paid", "serial_date"])
    for number in range(3):
        orders.write(3 + number, 0, 17850 + number)
        orders.write_datetime(3 + number, 1, moment(f"2019-02-{14 + number}"), day)
        orders.write(3 + number, 2, 9.8 * (number + 1))
        orders.write(3 + number, 3, number > 0)
        orders.write(3 + number, 4, 43510 + number)
    book.add_worksheet("Nothing")
    people = book.add_worksheet("People")
    people.write_row(0, 0, ["name", "code"])
    people.write_row(1, 0, ["Ana", "=cmd|' /C calc'!A0"])
    book.close()
    found = {each.name: each for each in survey([path])}
    assert list(found) == ["crm_Orders".lower(), "crm_people"]
    assert found["crm_orders"].sheet == "Orders"
    result, rows = landed(path, tmp_path, sheet="Orders")
    assert "titles-skipped" in codes(result)
    assert rows["order_id"] == ["17850", "17851", "17852"]
    assert rows["ordered_on"] == [date(2019, 2, 14), date(2019, 2, 15), date(2019, 2, 16)]
    assert rows["amount"] == [Decimal("9.8"), Decimal("19.6"), Decimal("29.4")]
    assert rows["paid"] == [False, True, True]
    assert rows["serial_date"][0] == date(2019, 2, 14)


def test_an_old_workbook_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for column, name in enumerate(["id", "city"]):
        sheet.write(0, column, name)
    sheet.write(1, 0, 7)
    sheet.write(1, 1, "北京")
    book.save(str(path))
    _, rows = landed(path, tmp_path)
    assert (rows["id"], rows["city"]) == (["7"], ["北京"])


@pytest.mark.parametrize("array", [False, True])
def test_json_objects_are_rows(array: bool, write: Write, tmp_path: Path) -> None:
    objects = [
        {"id": 1, "name": "Ana", "paid": True, "amount": 1.10, "tags": ["a", "b"]},
        {"id": 2, "amount": 2.25, "late": "2019-02-14"},
    ]
    lines = json.dumps(objects) if array else "\n".join(map(json.dumps, objects)) + "\nnot json\n"
    result, rows = landed(write(lines, "rows.jsonl"), tmp_path)
    assert rows["id"] == ["1", "2"]
    assert rows["amount"] == [Decimal("1.1"), Decimal("2.25")]
    assert rows["paid"] == [True, None]
    assert rows["tags"] == ["a; b", None]
    assert rows["late"] == [None, date(2019, 2, 14)]
    assert codes(result) == (set() if array else {"broken-json-lines"})


def test_files_of_the_same_columns_are_one_data_set(write: Write, tmp_path: Path) -> None:
    write("id,amount\n1,5\n2,6\n", "2019/orders_01.csv")
    write("id;amount\n3;7\n", "2019/orders_02.csv")
    write("sku,name\nA1,Pen\n", "products.csv")
    found = {each.name: each for each in survey([tmp_path / "in"])}
    assert {name: len(each.files) for name, each in found.items()} == {"orders": 2, "products": 1}
    assert found["orders"].rows == 3
    landing = land(found["orders"].files, options=found["orders"].read, wanted={}, to=tmp_path / "to.parquet")
    rows = pq.read_table(landing.path).to_pydict()
    assert (rows["id"], rows["__row"]) == (["1", "2", "3"], [1, 2, 1])
    assert [Path(each).name for each in rows["__file"]] == ["orders_01.csv", "orders_01.csv", "orders_02.csv"]


def test_files_whose_columns_stand_in_another_order_are_aligned(write: Write, tmp_path: Path) -> None:
    files = [write("id,amount,note\n1,5,x\n", "a.csv"), write("amount,ID\n7,3\n", "b.csv")]
    landing = land(files, options=ReadOptions(), wanted={}, to=tmp_path / "to.parquet")
    rows = pq.read_table(landing.path).to_pydict()
    assert (rows["id"], rows["amount"], rows["note"]) == (["1", "3"], [5, 7], ["x", None])
    assert "other-columns" in codes(landing)


def test_types_that_a_parquet_file_has_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    table = pa.table(
        {
            "CustomerID": pa.array([17850.0, None, float("nan")]),
            "price": pa.array([9.8, 2.55, 1.0], pa.float32()),
            "exact": pa.array([Decimal("1.10"), None, Decimal("3.00")], pa.decimal128(10, 2)),
            "at": pa.array([moment("2019-02-14T10:00:00"), None, moment("2019-02-15T00:00:00")], pa.timestamp("ns")),
            "zoned": pa.array([moment("2019-02-14T10:00:00")] * 3, pa.timestamp("us", tz="Asia/Manila")),
            "day": pa.array([date(2019, 2, 14)] * 3),
            "yes": pa.array([True, False, None]),
            "fine": pa.array([0.1234567, 1e300, 1.0]),
            "words": pa.array([" a ", "", "b"]).dictionary_encode(),
        }
    )
    pq.write_table(table, path)
    result, rows = landed(path, tmp_path)
    assert rows["CustomerID"] == ["17850", None, None]
    assert rows["price"] == [Decimal("9.8"), Decimal("2.55"), Decimal(1)]
    assert rows["exact"] == [Decimal("1.1"), None, Decimal(3)]
    assert rows["at"] == [moment("2019-02-14T10:00:00"), None, moment("2019-02-15T00:00:00")]
    assert rows["zoned"] == [moment("2019-02-14T10:00:00")] * 3
    assert rows["day"] == [date(2019, 2, 14)] * 3
    assert rows["yes"] == [True, False, None]
    assert rows["fine"] == [0.1234567, 1e300, 1.0]
    assert rows["words"] == ["a", None, "b"]
    zoned = {each.name: each.zoned for each in result.columns}
    assert (zoned["zoned"], zoned["at"]) == (True, False)


def test_numbers_in_parquet_become_what_a_contract_wants(tmp_path: Path) -> None:
    path = tmp_path / "typed.parquet"
    table = pa.table({"a": [20190214, 20190215], "b": [1, 0], "c": [1550138706, 1550138707], "d": [2.0, 3.5]})
    pq.write_table(table, path)
    wanted = {"a": ValueType.DATE, "b": ValueType.BOOLEAN, "c": ValueType.INSTANT, "d": ValueType.INTEGER}
    _, rows = landed(path, tmp_path, wanted)
    assert rows["a"] == [date(2019, 2, 14), date(2019, 2, 15)]
    assert rows["b"] == [True, False]
    assert rows["c"][0] == moment("2019-02-14T10:05:06")
    assert (rows["d"], rows["__raw"]) == ([2, None], [None, '{"d": "3.5"}'])


def test_nested_json_has_a_column_for_each_entry(write: Write, tmp_path: Path) -> None:
    """Objects within objects are columns, plain lists are joined, and lists of objects are kept with a note."""
    line = json.dumps({"customer": {"id": "c7", "at": {"city": "Cebu"}}, "tags": ["a", "b"], "lines": [{"sku": "x"}]})
    result, rows = landed(write(line + "\n", "rows.jsonl"), tmp_path)
    assert [column.name for column in result.columns] == ["customer.id", "customer.at.city", "tags", "lines"]
    assert (rows["customer.id"], rows["customer.at.city"], rows["tags"]) == (["c7"], ["Cebu"], ["a; b"])
    assert json.loads(rows["lines"][0]) == [{"sku": "x"}]
    assert "nested-lists" in codes(result)
