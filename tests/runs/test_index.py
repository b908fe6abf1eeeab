"""One customer is found by halving, in byte order of the ids."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.runs import Index, Run
from carpel.runs.index import index_columns, write_index
from tests.runs.workspaces import identity

IDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), unique=True, max_size=40)


def written(folder: Path, ids: list[str], bucket_size: int) -> Index:
    """An index of customers with these ids, whose score is their place in order."""
    ordered = sorted(ids, key=lambda each: each.encode())
    buckets = [ordered[at : at + bucket_size] for at in range(0, len(ordered), bucket_size)] or [[]]
    profiles, assignments, number = [], [], 0
    for bucket, here in enumerate(buckets):
        numbers = pa.array(range(number, number + len(here)), pa.int64())
        number += len(here)
        names = pa.array(here, pa.string())
        profiles.append(folder / f"p{bucket}.parquet")
        assignments.append(folder / f"a{bucket}.parquet")
        pq.write_table(pa.table({"customer_no": numbers, "customer_id": names, "score": numbers}), profiles[-1])
        pq.write_table(pa.table({"customer_no": numbers, "customer_id": names, "segment": names}), assignments[-1])
    assert write_index(profiles, assignments, ["score"], folder / "index.arrow") == len(ids)
    return Index(folder / "index.arrow")


@given(ids=IDS, others=IDS, bucket_size=st.integers(1, 7))
def test_whoever_is_there_is_found_and_nobody_else(
    ids: list[str], others: list[str], bucket_size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    index = written(tmp_path_factory.mktemp("index"), ids, bucket_size)
    assert len(index) == len(ids)
    for place, each in enumerate(sorted(ids, key=lambda name: name.encode())):
        assert index.find(each) == {"customer_id": each, "segment": each, "score": place}
    assert all(index.find(each) is None for each in others if each not in ids)


@given(ids=IDS, wanted=st.text(max_size=4), bucket_size=st.integers(1, 7))
def test_those_who_would_follow_are_named(
    ids: list[str], wanted: str, bucket_size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    index = written(tmp_path_factory.mktemp("index"), ids, bucket_size)
    following = [each for each in sorted(ids) if each >= wanted]
    assert index.near(wanted, 1) == tuple(following[:1])


def test_an_empty_index_finds_nobody(tmp_path: Path) -> None:
    index = written(tmp_path, [], 5)
    assert (len(index), index.find("C1"), index.near("C1")) == (0, None, ())


def test_rows_of_another_order_are_put_in_order(tmp_path: Path) -> None:
    columns = {"customer_no": [2, 0, 1], "customer_id": ["c", "a", "b"]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    pq.write_table(pa.table({"customer_no": [1, 2, 0], "score": [11, 12, 10]}), tmp_path / "p.parquet")
    write_index([tmp_path / "p.parquet"], [tmp_path / "a.parquet"], ["score"], tmp_path / "index.arrow")
    index = Index(tmp_path / "index.arrow")
    assert [index.find(each) for each in "abc"] == [
        {"customer_id": each, "score": 10 + place} for place, each in enumerate("abc")
    ]


def test_the_index_holds_what_the_scheme_reads_and_what_people_ask_first() -> None:
    available = ("customer_id", "city", "kind", "name", "monetary_value", "nps")
    assert index_columns(available, ["kind", "customer_id"]) == ("kind", "name", "monetary_value")


def test_the_index_of_a_run_answers_for_each_customer(shared: Run) -> None:
    rows = [row for file in shared.assignments.files for row in pq.read_table(file).to_pylist()]
    for row in rows:
        found = shared.index.find(row["customer_id"])
        assert found is not None
        assert found["segment"] == row["segment"]
        assert {"kind", "recency_days", "frequency", "monetary_value", "relationship"} <= found.keys()
    assert shared.index.find(identity(999)) is None
