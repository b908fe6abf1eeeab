"""Whoever is shown is found by what is shown; and by nothing is nobody found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carpel.runs.fingerprints import NUMBER
from carpel.runs.index import Index
from carpel.runs.views.searching import Asked, Search
from carpel.runs.views.searching.folding import folded
from carpel.runs.views.searching.writing import VERSION, _found_by

Person = Mapping[str, str | None]

PEOPLE: Sequence[Person] = (
    {"id": "000031", "name": "Ma. Teresa ₱eso", "email": "ma.teresa@x.ph", "phone": "0917 123 4567"},
    {"id": "000032", "name": "<b>Bold</b> & Co", "email": None, "phone": "+63 917 765 4321"},
    {"id": "-5", "name": "100% Juice", "email": "_j@juice.com", "phone": "(02) 8123-4567"},
    {"id": "C-7", "name": "=cmd()", "email": None, "phone": "+63 2 8999 1234"},
    {"id": "x 8", "name": "😀 Emoji", "email": None, "phone": "0086 138 1234 5678"},
    {"id": "z9", "name": "王小明", "email": None, "phone": None},
    {"id": "zz", "name": "d'Arcy Sari-Sari", "email": None, "phone": "tel. 8888 1111 ext 2"},
)


def search_of(people: Sequence[Person], folder: Path) -> Search:
    """A search of these people, in this order; their ids are in byte order."""
    ids = pa.array([each["id"] for each in people])
    with pa.OSFile(str(folder / "index.arrow"), "wb") as sink:
        table = pa.table({"customer_id": ids})
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    columns = {name: pa.array([each[name] for each in people], pa.string()) for name in ("name", "email", "phone")}
    pq.write_table(pa.table({NUMBER: np.arange(len(people), dtype=np.int32), **columns}), folder / "people.parquet")
    table_of_people = SimpleNamespace(columns=[NUMBER, *columns], buckets=[folder / "people.parquet"])
    what: Any = SimpleNamespace(facts=SimpleNamespace(tables={"customers": table_of_people}))
    (folder / "search").mkdir()
    order = np.arange(len(people), dtype=np.int32)
    plain = {"numbers": order, "ranks": order, "leaves": order * 0, "before": order * 0}
    for name, array in (plain | _found_by(what, order, folder / "search")).items():
        np.save(folder / "search" / f"{name}.npy", array)
    said = {"version": VERSION, "leaves": ["all"], "before": []}
    (folder / "search" / "search.json").write_text(json.dumps(said))
    return Search(folder, Index(folder / "index.arrow"))


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    return search_of(sorted(PEOPLE, key=_id), tmp_path_factory.mktemp("people"))


def found(search: Search, query: str) -> list[str]:
    """The ids of those who are found."""
    ids = sorted(_id(each) for each in PEOPLE)
    return [ids[rank] for rank in search.find(Asked(search=query)).after(0, 100)]


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("Ma. Teresa", ["000031"]),
        ("Ma Teresa", ["000031"]),
        ("₱eso", ["000031"]),
        ("₱", ["000031"]),
        ("Bold & Co", ["000032"]),
        ("bold co", ["000032"]),
        ("&", ["000032"]),
        ("<b", ["000032"]),
        ("<", ["000032"]),
        ("100%", ["-5"]),
        ("=cmd()", ["C-7"]),
        ("😀 Emoji", ["x 8"]),
        ("😀", ["x 8"]),
        ("小明", ["z9"]),
        ("-5", ["-5"]),
        ("DARCY", []),
        ("d'arcy", ["zz"]),
        ("'", ["zz"]),
        ("31", ["000031"]),
        ("0031", ["000031"]),
        ("3", []),
        ("x 8", ["x 8"]),
        ('"', []),
        ("...", []),
        ("\u0301", []),
        ("\u200b", []),
        ("\ud800", []),
        ("<ma.teresa@x.ph>,", ["000031"]),
        ("Teresa <ma.teresa@x.ph>", ["000031"]),
        ("juice.com", ["-5"]),
    ],
)
def test_words_are_cut_as_names_are_and_signs_alone_find_those_who_have_them(
    search: Search, query: str, who: list[str]
) -> None:
    assert found(search, query) == who


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("0917", {"000031", "000032"}),
        ("+63917", {"000031", "000032"}),
        ("0063 917", {"000031", "000032"}),
        ("+63 9", {"000031", "000032"}),
        ("09", {"000031", "000032"}),
        ("+639171234567", {"000031"}),
        ("09177654321", {"000032"}),
        ("(02) 8999", {"C-7"}),
        ("+63 2 8123 4567", {"-5"}),
        ("138 1234 5678", {"x 8"}),
        ("4567", {"000031", "-5"}),
        ("1234567", {"000031", "-5"}),
        ("567", set()),
    ],
)
def test_a_phone_is_found_by_its_beginning_in_either_spelling_and_by_its_last_digits(
    search: Search, query: str, who: set[str]
) -> None:
    assert {each for each in found(search, query) if "phone" in matched(search, query)[each]} >= who
    assert who or not found(search, query)


def matched(search: Search, query: str) -> dict[str, list[str]]:
    """By what each was found."""
    hits = search.find(Asked(search=query))
    ranks = hits.after(0, 100).tolist()
    return dict(zip(found(search, query), ([*map(str, each)] for each in hits.matched(ranks)), strict=True))


def test_what_is_found_says_by_what(search: Search) -> None:
    assert matched(search, "teresa") == {"000031": ["name"]}
    assert matched(search, "ma.teresa@x.ph") == {"000031": ["email"]}
    assert matched(search, "ma") == {"000031": ["name", "email"]}
    assert matched(search, "000031") == {"000031": ["id"]}
    assert search.find(Asked()).matched([0, 1]) == [(), ()]


_TEXTS = st.text(max_size=30)
_PHONES = st.text("0123456789+-() /x", min_size=7, max_size=24).filter(lambda each: _digits(each).strip("0") != "")


@given(st.lists(st.tuples(_TEXTS, st.none() | _TEXTS, st.none() | _PHONES), min_size=1, max_size=6))
@example([("Ma. Teresa", None, "0917 1"), ("ﬁ ½ ㈱ É ẞ İ", "a b@c", "+1 (212) 555-0100")])
def test_everybody_is_found_by_whatever_is_shown_of_them(rows: list[tuple[str, str | None, str | None]]) -> None:
    people = [
        {"id": f"{place:04}", "name": name, "email": email, "phone": phone}
        for place, (name, email, phone) in enumerate(rows)
    ]
    with TemporaryDirectory() as folder:
        search = search_of(people, Path(folder))
        for rank, person in enumerate(people):
            for name in ("id", "name", "email", "phone"):
                shown = person[name]
                if shown is None or not _is_seen(shown):
                    continue
                if name != "phone" or len(_digits(shown)) >= 7:
                    assert rank in search.find(Asked(search=shown)).after(0, 10), (name, shown)


def _digits(shown: str) -> str:
    return "".join(each for each in shown if each in "0123456789")


def _is_seen(shown: str) -> bool:
    return bool(folded(pa.array([shown]))[0].as_py().strip())


def _id(person: Person) -> str:
    return str(person["id"])
