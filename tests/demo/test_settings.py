"""The demo's scheme reads only attributes that Carpel has, and gives every customer a segment."""

from pathlib import Path

import pytest

from carpel.crm import TABLES, FactColumn, Facts, FactTable, Ledger, Table
from carpel.demo import Company
from carpel.demo.company import SEGMENTS
from carpel.kernel.texts import LANGUAGES
from carpel.kernel.types import ValueType
from carpel.kernel.yaml import read_yaml_file
from carpel.profiles import Catalogue, catalogue, read_attributes
from carpel.schemes import Scheme, check, names, read_scheme


@pytest.fixture(scope="session")
def scheme(company: Company) -> Scheme:
    return read_scheme((company.folder / "schemes" / "customers.yaml").read_text(encoding="utf-8"), "customers")


DERIVED = {
    "day": ValueType.DATE,
    "is_return": ValueType.BOOLEAN,
    "gap_days": ValueType.INTEGER,
    "lines": ValueType.INTEGER,
    "category": ValueType.CATEGORY,
    "line": ValueType.CATEGORY,
}


def columns_of(table: Table) -> dict[str, FactColumn]:
    """The contract's columns, and what staging adds."""
    own = {each.name: FactColumn(type=each.type, known=each.known, dated_by=each.dated_by) for each in table.columns}
    return {name: FactColumn(type=of) for name, of in DERIVED.items()} | own


@pytest.fixture(scope="session")
def attributes(company: Company) -> Catalogue:
    """The attributes of a workspace that has every table of facts."""
    own = read_attributes(read_yaml_file(company.folder / "carpel.yaml").mapping()["attributes"])
    tables = {
        name: FactTable(name=name, rows=1, columns=columns_of(table), buckets=()) for name, table in TABLES.items()
    }
    facts = Facts(
        folder=Path(), fingerprint="", currency="PHP", time_zone="Asia/Manila", customers=1, bucket_size=1,
        tables=tables, ledger=Ledger(table="orders", source=0, customers=0),
    )  # fmt: skip
    return catalogue(facts, own)


def test_the_scheme_reads_attributes_that_exist(scheme: Scheme, attributes: Catalogue) -> None:
    assert {"relationship", "kind", "monetary_value", "recency_days"} <= set(names(scheme, attributes))


def test_no_check_finds_anything_wrong_with_the_scheme(scheme: Scheme, attributes: Catalogue) -> None:
    assert check(scheme, attributes) == ()


def test_budgets_are_for_segments_of_the_scheme(scheme: Scheme) -> None:
    assert {segment.key for segment in scheme.segments} == set(SEGMENTS)


def test_every_segment_is_labelled_in_four_languages(scheme: Scheme) -> None:
    waiting = list(scheme.segments)
    while waiting:
        segment = waiting.pop()
        assert set(segment.label.by_language) == set(LANGUAGES), segment.key
        waiting.extend(segment.segments)
