"""`sources:` of carpel.yaml is read with a place and a remedy for every mistake."""

from pathlib import Path

import pytest

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES
from carpel.kernel.yaml import read_yaml
from carpel.sources import ColumnMapping, Form, Lookup, Source, read_sources

WHOLE = """
shop:
  files: [data/*.csv, more]
  read: {delimiter: ";", dates: D/M/Y}
  tables:
    orders:
      order_id: InvoiceNo
      customer_id: {columns: [Shop, No], join: "-"}
      ordered_at: InvoiceDate
      currency: {value: PHP}
      status: {column: State, values: {Y: done, N: null}}
      where: "State <> 'X'"
    order_lines:
      order_id: InvoiceNo
      discount: {column: off, as: share}
      extra: false
categories:
  files: categories.csv
people:
  files: people.csv
  tables:
    customers:
      customer_id: id
      birth_date: {column: born, as: year}
      industry: {column: sector, lookup: {source: categories, key: id, column: name}}
"""


def _read(source: str) -> tuple[Source, ...]:
    return read_sources(read_yaml(source, "carpel.yaml"), Path())


def test_every_way_to_map_a_column_is_read() -> None:
    shop, categories, people = _read(WHOLE)
    orders = shop.tables["orders"]
    assert shop.files == ("data/*.csv", "more")
    assert shop.read.to_yaml() == {"delimiter": ";", "dates": "D/M/Y"}
    assert orders.columns["order_id"] == ColumnMapping(columns=("InvoiceNo",))
    assert orders.columns["customer_id"] == ColumnMapping(columns=("Shop", "No"), join="-")
    assert orders.columns["currency"] == ColumnMapping(value="PHP")
    assert orders.columns["status"].values == {"Y": "done", "N": None}
    assert orders.where == "State <> 'X'"
    assert (orders.extra, shop.tables["order_lines"].extra) == (True, False)
    assert shop.tables["order_lines"].columns["discount"].form is Form.SHARE
    assert people.tables["customers"].columns["birth_date"].form is Form.YEAR
    assert people.tables["customers"].columns["industry"].lookup == Lookup(source="categories", key="id", column="name")
    assert categories.tables == {}


def test_mappings_know_their_place_and_do_not_compare_by_it() -> None:
    first, moved = _read(WHOLE)[0], _read("\n\n" + WHOLE)[0]
    assert first == moved
    assert first.tables["orders"].columns["order_id"].place == "carpel.yaml:7:17"


ORDERS = "customer_id: c, ordered_at: t"

MISTAKES = {
    "a: {tables: {}}": ("sources.no-files-entry", 4),
    "a: {files: x.csv}": ("sources.none", 1),
    "a: {file: x.csv}": ("sources.unknown-entry", 11),
    "a: {files: x, tables: {order: {}}}": ("sources.unknown-table", 31),
    "a: {files: x, tables: {customers: {customer_id: c, nam: n}}}": ("sources.unknown-column", 57),
    "a: {files: x, tables: {orders: {order_id: o, ordered_at: t}}}": ("sources.missing-column", 32),
    "a: {files: x, tables: {invoices: {issued_at: t}}}": ("sources.missing-columns", 34),
    "a: {files: x, tables: {order_lines: {order_id: o}}}": ("sources.lines-without-orders", 37),
    f"a: {{files: x, tables: {{order_lines: {{order_id: o}}, orders: {{{ORDERS}}}}}}}": ("sources.missing-column", 60),
    "a: {files: x, tables: {customers: {customer_id: {join: x}}}}": ("sources.column-ways", 49),
    "a: {files: x, tables: {customers: {customer_id: {column: x, value: y}}}}": ("sources.column-ways", 49),
    "a: {files: x, tables: {customers: {customer_id: {columns: []}}}}": ("sources.no-columns", 59),
    "a: {files: x, tables: {customers: {customer_id: {colum: x}}}}": ("sources.unknown-entry", 57),
    "a: {files: x, tables: {customers: {customer_id: c, kind: {column: k, values: {B: firm}}}}}": (
        "sources.unknown-value",
        82,
    ),
    "a: {files: x, tables: {customers: {customer_id: c, income: {column: k, as: part}}}}": ("sources.unknown-form", 76),
    "a: {files: x, tables: {customers: {customer_id: c, income: {column: k, as: year}}}}": ("sources.form-type", 76),
    "a: {files: x, tables: {customers: {customer_id: c, extra: maybe}}}": ("sources.not-a-flag", 59),
    "a: {files: x, tables: {customers: {customer_id: c, name: {column: k, lookup: {source: a, key: k}}}}}": (
        "sources.lookup-entry",
        78,
    ),
    "a: {files: x, tables: {customers: {customer_id: c, name: {column: k, lookup: {source: b, key: k, column: n}}}}}": (
        "sources.unknown-source",
        58,
    ),
    "a: {files: x, tables: {customers: {customer_id: [c]}}}": ("kernel.yaml-not-text", 49),
}


@pytest.mark.parametrize("source", MISTAKES)
def test_a_mistake_is_named_with_its_place(source: str) -> None:
    key, column = MISTAKES[source]
    with pytest.raises(CarpelError) as caught:
        _read(source)
    assert caught.value.text.key == key
    assert caught.value.place == f"carpel.yaml:1:{column}"
    for language in LANGUAGES:
        said = caught.value.text.render(language)
        assert said != key
        assert "{" not in said


def test_the_nearest_column_is_offered() -> None:
    with pytest.raises(CarpelError) as caught:
        _read("a: {files: x, tables: {customers: {customer_id: c, birthdate: n}}}")
    assert "Did you mean birth_date?" in str(caught.value)
