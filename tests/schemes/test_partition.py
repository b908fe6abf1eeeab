"""Whatever the scheme and the data: exactly one segment each, and two interpreters that agree."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, note, settings
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.kernel.errors import CarpelError
from carpel.schemes import (
    Cuts,
    Scheme,
    assign,
    find,
    fit_cuts,
    place,
    read_scheme,
    summarise,
    totals,
)
from carpel.schemes.placing import interpreter
from tests.schemes.company import COMPANY, KINDS, RELATIONSHIPS, profiles

ODD = ("", " ", "北京", "São Paulo", "O'Brien", "a\u200bb", "🍊", "Zürich", "%", "\\", "NULL", "nan")
AMOUNTS = ("0", "1", "10", "9.99", "100.5", "-3", "250")


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def customers() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Customers with unknown values, ties, odd text, not-a-numbers and infinities."""
    return st.lists(
        st.fixed_dictionaries(
            {
                "relationship": _maybe(st.sampled_from(RELATIONSHIPS)),
                "kind": _maybe(st.sampled_from(KINDS)),
                "city": _maybe(st.sampled_from(ODD)),
                "recency_days": _maybe(st.integers(0, 400)),
                "frequency": _maybe(st.integers(0, 5)),
                "monetary_value": _maybe(st.one_of(st.integers(-500, 30_000), st.sampled_from([999, 1000, 10_050]))),
                "score": _maybe(st.one_of(st.floats(), st.sampled_from([0.0, 1.0]))),
                "discount_share": _maybe(st.floats(0, 1)),
                "consent": _maybe(st.booleans()),
                "products_owned": _maybe(st.sets(st.sampled_from(["P1", "P2", "产品"])).map(sorted)),
            }
        ),
        max_size=25,
    )


def conditions(labels: dict[str, list[str]]) -> st.SearchStrategy[str]:
    """Conditions over attributes of every type and over the labels of partitions."""
    numbers = st.sampled_from(["recency_days", "frequency", "monetary_value", "score", "discount_share"])
    compared = st.builds(
        "{} {} {}".format, numbers, st.sampled_from(["<", "<=", "=", "<>", ">", ">="]), st.sampled_from(AMOUNTS)
    )
    simple = [
        compared,
        st.builds("{} is {}null".format, st.sampled_from(["city", "score", "consent"]), st.sampled_from(["", "not "])),
        st.sampled_from(
            ["consent", "not consent", "owns('P1')", "'产品' in products_owned", "monetary_value / frequency > 20"]
        ),
        st.builds("frequency between {} and {}".format, st.integers(0, 3), st.integers(0, 5)),
        st.builds("kind {}in ('business', 'reseller')".format, st.sampled_from(["", "not "])),
        st.sampled_from(["city = '北京'", "city in ('O''Brien', '🍊', '')", "city like 'S%'", "true", "false"]),
        *(st.builds(f"{key} = '{{}}'".format, st.sampled_from(some)).map(str) for key, some in labels.items()),
    ]
    return combined(simple, leaves=4)


def combined(simple: Iterable[st.SearchStrategy[str]], *others: str, leaves: int) -> st.SearchStrategy[str]:
    """Conditions put together by `and`, `or` and `not`, and by other patterns with a place for each condition."""
    patterns = ("({} and {})", "({} or {})", "not ({})", *others)

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(*(st.builds(each.format, *[inner] * each.count("{}")) for each in patterns))

    return st.recursive(st.one_of(*simple), larger, max_leaves=leaves)


@st.composite
def tiers(draw: st.DrawFn) -> dict[str, Any]:
    """One partition by tiers, cut in any way."""
    found: dict[str, Any] = {
        "tiers": draw(st.sampled_from(["monetary_value", "score", "recency_days", "monetary_value / frequency"]))
    }
    if draw(st.booleans()):
        found["over"] = draw(conditions({}))
    if draw(st.booleans()):
        found["order"] = draw(st.sampled_from(["ascending", "descending"]))
    kind = draw(st.sampled_from(["shares", "quantiles", "thresholds"]))
    if kind == "shares":
        found["shares"] = draw(
            st.sampled_from([{"a": "100%"}, {"a": "1%", "b": "19%", "c": "80%"}, {"a": "50%", "b": "50%"}])
        )
    elif kind == "quantiles":
        found["quantiles"] = draw(st.integers(2, 5))
        if draw(st.booleans()):
            found["margin"] = 1
    else:
        bounds = {"a": 100, "b": 9.99, "c": "rest"}
        found["thresholds"] = bounds if found.get("order") != "ascending" else {"a": -1, "b": 20, "c": "rest"}
    return found


LABELS = {"shares": ["a", "unknown"], "quantiles": ["1", "2", "unknown"], "thresholds": ["a", "c", "unknown"]}
CATEGORIES: dict[str, Any] = {
    "attribute": "kind",
    "values": {"business": ["business", "reseller"], "people": "consumer"},
}


@st.composite
def partitions(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Partitions of every kind with some of their labels; later ones are made of earlier ones."""
    found: dict[str, Any] = {f"p{number}": each for number, each in enumerate(draw(st.lists(tiers(), max_size=2)))}
    labels = {
        key: LABELS[next(kind for kind in LABELS if kind in each)]
        for key, each in found.items()
        if each.get("shares") != {"a": "100%"}
    }
    if draw(st.booleans()):
        found["kinds"], labels["kinds"] = CATEGORIES, ["business", "other", "unknown"]
    if len(labels) > 1 and draw(st.booleans()):
        one, other, *_ = draw(st.permutations(sorted(labels)))
        found["crossed"] = {"cross": [one, other]}
        found["refined"] = {"refine": one, "parts": {labels[one][0]: other}}
        crossed = f"{labels[one][0]}.{labels[other][0]}"
        labels |= {"crossed": [crossed], "refined": [crossed, labels[one][1]]}
    return found, labels


@st.composite
def schemes(draw: st.DrawFn, hold: str = "0 days") -> Scheme:
    """Any scheme: partitions, a base, segments that are refined by rules or by partitions to any depth."""
    divided, labels = draw(partitions())
    numbers = iter(range(1_000))

    def level(depth: int) -> list[dict[str, Any]]:
        ruled = [{"key": f"s{next(numbers)}", "when": rule} for rule in draw(st.lists(conditions(labels), max_size=3))]
        segments: list[dict[str, Any]] = [*ruled, {"key": f"s{next(numbers)}", "otherwise": True}]
        for segment in segments:
            if draw(st.booleans()):
                segment["urgent"] = draw(st.booleans())
            if depth and draw(st.booleans()):
                segment.update(parts(depth - 1))
        return segments

    def parts(depth: int) -> dict[str, Any]:
        if bool(labels) and draw(st.booleans()):
            by = draw(st.lists(st.sampled_from(sorted(labels)), min_size=1, max_size=2, unique=True))
            label = labels[by[0]][0]
            return {"by": by, "parts": {label: {"urgent": True, "segments": level(0)}}} if depth else {"by": by[0]}
        return {"segments": level(depth)}

    content: dict[str, Any] = {"scheme": "s", "hold": hold, "partitions": divided, "segments": level(2)}
    if draw(st.booleans()):
        content["base"] = draw(conditions({}))
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    note(text)
    return read_scheme(text, "s.yaml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("partition")


def assigned(scheme: Scheme, rows: list[dict[str, Any]], folder: Path, engine: Engine) -> tuple[pa.Table, Cuts]:
    held = profiles(rows, folder)
    cuts = fit_cuts(scheme, held, engine)
    return engine.read(assign(scheme, held, cuts), held.bindings), cuts


@given(schemes(), customers())
def test_each_customer_is_in_exactly_one_segment_or_outside_the_base(folder, engine, scheme, rows):
    table, _ = assigned(scheme, rows, folder, engine)
    assert sorted(table["customer_no"].to_pylist()) == list(range(len(rows)))
    leaves = {leaf.key for leaf in scheme.leaves}
    for row in table.to_pylist():
        assert (row["segment"] in leaves) if row["in_base"] else (row["segment"] is None)
        for partition in scheme.partitions:
            assert (row[partition.key] in partition.labels) if row["in_base"] else (row[partition.key] is None)


@given(schemes(), customers())
def test_the_engine_and_python_place_every_customer_alike(folder, engine, scheme, rows):
    table, cuts = assigned(scheme, rows, folder, engine)
    cuts = Cuts.from_json(cuts.to_json())
    known = [dict.fromkeys(COMPANY.available) | row for row in rows]
    for row in table.to_pylist():
        placed = place(scheme, cuts, known[row["customer_no"]])
        assert (placed.in_base, placed.segment) == (row["in_base"], row["segment"])
        assert placed.labels == {partition.key: row[partition.key] for partition in scheme.partitions}
        assert len(placed.because) == len(placed.path)
        assert placed.path == (scheme.paths[placed.segment] if placed.segment else ())


@given(schemes(), customers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(folder, engine, scheme, rows, random: Random):
    before, cuts = assigned(scheme, rows, folder, engine)
    order = list(range(len(rows)))
    random.shuffle(order)
    after, other_cuts = assigned(scheme, [rows[number] for number in order], folder, engine)
    assert cuts == other_cuts
    segments = [row["segment"] for row in sorted(before.to_pylist(), key=lambda row: row["customer_no"])]
    shuffled = [row["segment"] for row in sorted(after.to_pylist(), key=lambda row: row["customer_no"])]
    assert [segments[number] for number in order] == shuffled


@given(schemes(), customers())
def test_segments_and_what_is_outside_add_up_to_all_customers_and_all_money(folder, engine, scheme, rows):
    held = profiles(rows, folder)
    cuts = fit_cuts(scheme, held, engine)
    summary = summarise(scheme, engine.read(totals(scheme, held, cuts), held.bindings))
    assert sum(each.customers for each in summary.segments) == summary.base
    assert summary.base + summary.outside_base == len(rows)
    assert summary.revenue == sum(row["monetary_value"] or 0 for row in rows)
    assert [each.key for each in summary.segments] == [leaf.key for leaf in scheme.leaves]


@given(schemes(), customers())
@settings(max_examples=30)
def test_each_rule_says_how_many_customers_an_unknown_value_kept_out(folder, engine, scheme, rows):
    held = profiles(rows, folder)
    cuts = fit_cuts(scheme, held, engine)
    missed = find(scheme, held, cuts, engine).missed
    ruled = {segment.key for _, segment in scheme.walk() if segment.when}
    assert set(missed) == ruled
    assert all(0 <= count <= len(rows) for count in missed.values())


def test_a_rule_misses_those_who_came_to_it_and_whose_value_is_unknown(folder, engine):
    scheme = read_scheme(
        "scheme: s\nsegments:\n- {key: heavy, when: frequency > 3}\n- {key: rich, when: monetary_value > 10}\n"
        "- {key: rest, otherwise: true}",
        "s.yaml",
    )
    rows: list[dict[str, Any]] = [
        {"frequency": 5, "monetary_value": None},
        {"frequency": None, "monetary_value": 2_000},
        {"frequency": None, "monetary_value": None},
        {"frequency": 1, "monetary_value": None},
    ]
    held = profiles(rows, folder)
    missed = find(scheme, held, fit_cuts(scheme, held, engine), engine).missed
    assert missed == {"heavy": 2, "rich": 2}


def test_nobody_at_all_is_divided_without_complaint(folder, engine):
    scheme = read_scheme(
        "scheme: s\npartitions:\n  v: {tiers: monetary_value, shares: {a: 20%, b: 80%}}\n"
        "segments:\n- {key: top, when: v = 'a'}\n- {key: rest, otherwise: true}",
        "s.yaml",
    )
    table, cuts = assigned(scheme, [], folder, engine)
    assert table.num_rows == 0
    placed = place(scheme, cuts, {"monetary_value": 500})
    assert (placed.segment, placed.labels) == ("rest", {"v": "unranked"})


def test_a_value_that_is_not_given_is_an_error_and_not_an_unknown(folder, engine):
    scheme = read_scheme("scheme: s\nsegments:\n- {key: a, when: frequency > 3}\n- {key: b, otherwise: true}", "s.yaml")
    _, cuts = assigned(scheme, [{"frequency": 1}], folder, engine)
    with pytest.raises(CarpelError, match="frequency"):
        place(scheme, cuts, {"frequncy": 5})


@given(schemes(), customers(), st.data())
def test_changing_some_values_is_the_same_as_reading_them_anew(folder, engine, scheme, rows, data):
    """Only labels that can differ are worked out again."""
    _, cuts = assigned(scheme, rows, folder, engine)
    reader = interpreter(scheme, cuts)
    for one, other in pairwise(dict.fromkeys(COMPANY.available) | row for row in rows):
        some = data.draw(st.sets(st.sampled_from(sorted(reader.bound.names)))) if reader.bound.names else set()
        values = {name: other[name] for name in some if not isinstance(other[name], float)}
        assert reader.changed(reader.row(one), values) == reader.row({**one, **values})
