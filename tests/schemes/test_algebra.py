"""Everything is a partition: crossing, refining, dividing by a partition, relabelling."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.engine import Engine
from carpel.kernel.texts import Labels
from carpel.schemes import (
    Previous,
    Rule,
    Scheme,
    SchemeError,
    Segment,
    assign,
    check,
    fit_cuts,
    label_fingerprint,
    logic_fingerprint,
    place,
    read_scheme,
)
from tests.schemes.company import COMPANY, profiles
from tests.schemes.test_holding import before, days
from tests.schemes.test_partition import assigned, conditions, customers, partitions, schemes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("algebra")


def scheme(**entries: object) -> Scheme:
    return read_scheme(yaml.safe_dump({"scheme": "s", **entries}, allow_unicode=True, sort_keys=False), "s.yaml")


@given(partitions(), customers())
def test_crossing_gives_the_pair_of_labels(folder, engine, divided, rows):
    found, _ = divided
    if "crossed" not in found:
        return
    one, other = found["crossed"]["cross"]
    table, _ = assigned(scheme(partitions=found, by="crossed"), rows, folder, engine)
    for row in table.to_pylist():
        assert row["crossed"] == row["segment"] == f"{row[one]}.{row[other]}"


@given(partitions(), customers())
def test_refining_a_partition_changes_only_the_refined_label(folder, engine, divided, rows):
    found, _ = divided
    if "refined" not in found:
        return
    whole, parts = found["refined"]["refine"], found["refined"]["parts"]
    table, _ = assigned(scheme(partitions=found, by="refined"), rows, folder, engine)
    for row in table.to_pylist():
        by = parts.get(row[whole])
        assert row["refined"] == (f"{row[whole]}.{row[by]}" if by else row[whole])


@given(schemes(), customers(), st.data())
def test_refining_one_segment_moves_nobody_outside_it(folder, engine, coarse, rows, data):
    chosen = data.draw(st.sampled_from(coarse.leaves))
    fine = _refined(coarse, chosen.key, data.draw(conditions({})))
    before, _ = assigned(coarse, rows, folder, engine)
    after, _ = assigned(fine, rows, folder, engine)
    parts = {f"{chosen.key}-one", f"{chosen.key}-other"}
    for old, new in zip(before.to_pylist(), after.to_pylist(), strict=True):
        assert (new["segment"] in parts) if old["segment"] == chosen.key else (new["segment"] == old["segment"])


@given(schemes(hold="30 days"), customers(), st.data())
def test_refining_a_segment_moves_nobody_who_is_held(folder, engine, coarse, rows, data):
    """Wherever customers were, and however long that held: after refining they are where they would have been."""
    chosen = data.draw(st.sampled_from(coarse.leaves)).key
    fine = _refined(coarse, chosen, data.draw(conditions({})))
    keys = [leaf.key for leaf in coarse.leaves]
    known = {f"C{number}": (data.draw(st.sampled_from(keys)), data.draw(days())) for number in range(len(rows))}
    previous = before(known, folder)
    old, new = (again(each, rows, previous, folder, engine) for each in (coarse, fine))
    parts = {f"{chosen}-one", f"{chosen}-other"}
    for was, now in zip(old, new, strict=True):
        assert (now["segment"] in parts) if was["segment"] == chosen else (now["segment"] == was["segment"])
        assert now["held_until"] == was["held_until"]


def again(scheme: Scheme, rows: list[dict[str, Any]], previous: Previous, folder: Path, engine: Engine) -> list[Any]:
    held = profiles(rows, folder)
    steps = assign(scheme, held, fit_cuts(scheme, held, engine), previous)
    table = engine.read(steps, {**held.bindings, **previous.bindings})
    return sorted(table.to_pylist(), key=lambda row: row["customer_no"])


def _refined(coarse: Scheme, key: str, rule: str) -> Scheme:
    one, other = Segment(key=f"{key}-one", when=Rule(rule)), Segment(key=f"{key}-other")

    def inside(segment: Segment) -> Segment:
        if segment.key == key:
            return replace(segment, segments=(one, other))
        return replace(segment, segments=tuple(map(inside, segment.segments)))

    return replace(coarse, segments=tuple(map(inside, coarse.segments)))


@given(schemes(), customers())
def test_relabelling_moves_nobody_and_makes_no_new_logic(folder, engine, written, rows):
    called = replace(
        written,
        label=Labels({"en": "Ours"}),
        segments=tuple(replace(each, label=Labels({"fil": "Atin"}), owner="ana") for each in written.segments),
    )
    assert logic_fingerprint(called) == logic_fingerprint(written)
    assert label_fingerprint(called) != label_fingerprint(written)
    before, cuts = assigned(written, rows, folder, engine)
    known = [dict.fromkeys(COMPANY.available) | row for row in rows]
    for row in before.to_pylist():
        assert place(called, cuts, known[row["customer_no"]]).segment == row["segment"]


STAGES = {
    "attribute": "kind",
    "values": ["consumer", "business"],
    "rest": "firms",
    "labels": {"firms": {"en": "Firms"}},
}
SIZES = {"tiers": "monetary_value", "thresholds": {"large": 100, "small": "rest"}}


def test_dividing_by_a_partition_is_the_same_as_writing_its_rules():
    by = scheme(partitions={"who": STAGES}, by="who", parts={"business": {"owner": "ana"}})
    written = scheme(
        partitions={"who": STAGES},
        segments=[
            {"key": "consumer", "when": "who = 'consumer'"},
            {"key": "business", "when": "who = 'business'", "owner": "ana"},
            {"key": "firms", "when": "who = 'firms'", "label": {"en": "Firms"}},
            {"key": "unknown", "otherwise": True},
        ],
    )
    assert logic_fingerprint(by) == logic_fingerprint(written)
    assert by.segment("firms").name == written.segment("firms").name
    assert by.segment("business").owner == "ana"


def test_dividing_by_two_partitions_divides_the_parts_of_the_first_by_the_second():
    both = scheme(partitions={"who": STAGES, "size": SIZES}, by=["who", "size"], parts={"firms": {"segments": ONE}})
    assert both.paths["consumer.large"] == ("consumer", "consumer.large")
    assert both.paths["all-firms"] == ("firms", "all-firms")
    assert [leaf.key for leaf in both.leaves][:3] == ["consumer.large", "consumer.small", "consumer.unknown"]


ONE = [{"key": "all-firms", "otherwise": True}]


def test_a_label_of_several_is_called_by_its_parts_unless_its_owner_says_otherwise():
    crossed = scheme(
        partitions={
            "who": STAGES,
            "size": SIZES,
            "both": {"cross": ["who", "size"], "labels": {"firms.large": "Whales"}},
        },
        by="both",
    )
    assert crossed.segment("firms.small").name.render() == "Firms \u00d7 small"
    assert crossed.segment("firms.large").name.render() == "Whales"


def test_a_word_that_the_attribute_never_says_is_an_error_that_names_the_nearest():
    issues = check(scheme(partitions={"who": {"attribute": "kind", "values": ["busines"]}}, by="who"), COMPANY)
    assert "Did you mean business?" in issues[0].text.render()


def test_a_partition_by_an_attribute_takes_no_numbers():
    issues = check(scheme(partitions={"who": {"attribute": "frequency", "values": ["1"]}}, by="who"), COMPANY)
    assert "tiers" in issues[0].text.render()


def test_crossing_beyond_measure_is_refused():
    many = {"attribute": "city", "values": [f"c{number}" for number in range(20)]}
    with pytest.raises(SchemeError, match="200"):
        scheme(partitions={"a": many, "b": {"cross": ["a", "a"]}}, by="b")


def test_a_label_that_stands_for_one_word_is_called_by_it():
    needs = {"attribute": "city", "values": {"soft-drinks": "Soft Drinks", "sweets": ["Candy", "Cakes"]}}
    divided = scheme(partitions={"need": needs}, by="need")
    names = [divided.segment(key).name.render() for key in ("soft-drinks", "sweets", "other")]
    assert names == ["Soft Drinks", "sweets", "other"]


def test_a_segment_that_shares_its_name_is_called_by_its_path_where_it_stands_alone():
    both = scheme(partitions={"who": STAGES, "size": SIZES}, by=["who", "size"], parts={"firms": {"segments": ONE}})
    assert both.title("consumer.large").render() == "consumer › large"
    assert both.title("all-firms").render() == "all-firms"


def test_what_a_partition_cannot_place_is_marked():
    crossed = scheme(partitions={"who": STAGES, "size": SIZES, "both": {"cross": ["who", "size"]}}, by="both")
    marked = {leaf.key for leaf in crossed.leaves if leaf.left_over}
    assert marked == {leaf.key for leaf in crossed.leaves if "unknown" in leaf.key or "firms" in leaf.key}
    refined = {"refine": "who", "parts": {"business": "size"}}
    fine = scheme(partitions={"who": STAGES, "size": SIZES, "fine": refined}, by="fine")
    assert {leaf.key for leaf in fine.leaves if leaf.left_over} == {"business.unknown", "firms", "unknown"}
