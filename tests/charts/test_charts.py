"""Pictures: what is drawn is what is there, whatever it is called."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.charts import (
    Arrow,
    Bar,
    Bars,
    Carpel,
    Chart,
    Column,
    Columns,
    Flow,
    Fruit,
    Side,
    Sparkline,
    embedded,
    standalone,
)
from carpel.charts.colours import GROUND, PALETTE, standing_alone, stylesheet
from carpel.charts.rings import FULL, Arc, arcs, facing
from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES, Labels

PESOS = Currency("PHP")
SINCE = date(2025, 6, 1)
NAMES = st.sampled_from(
    ["Gold", "<script>alert(1)</script>", "重点客户 & 朋友", '"quoted"', "a\x00b", "very long " * 20, "]]>", ""]
)
MONEY = st.one_of(st.none(), st.integers(-(10**9), 10**12))
SVG = "{http://www.w3.org/2000/svg}"


def carpels() -> st.SearchStrategy[tuple[Carpel, ...]]:
    each = st.builds(
        Carpel,
        key=st.just("k"),
        label=NAMES.map(lambda name: Labels({"en": name})),
        colour=st.integers(1, 12),
        customers=st.integers(0, 10**6),
        money=MONEY,
        href=st.sampled_from([None, "/segments/k?a=1&b=2"]),
    )
    return st.lists(each, max_size=20).map(tuple)


def sides() -> st.SearchStrategy[Side]:
    keys = st.sampled_from([None, "a", "b", "c", "d", "e"])
    return keys.map(lambda key: Side(key, Labels({"en": f"<{key}>"}), None if key is None else 3))


def arrows() -> st.SearchStrategy[tuple[Arrow, ...]]:
    each = st.builds(Arrow, before=sides(), after=sides(), customers=st.integers(1, 10**5), money=MONEY)
    return st.lists(each, max_size=40).map(tuple)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    label = draw(NAMES.map(lambda name: Labels({"en": name})))
    shares = st.floats(0, 1)
    bars = st.builds(
        Bar, label=st.just(label), customers=st.integers(0, 9), share=shares, reference=st.one_of(st.none(), shares)
    )
    return draw(
        st.one_of(
            st.builds(Fruit, carpels=carpels(), currency=st.just(PESOS)),
            st.builds(Flow, arrows=arrows(), currency=st.just(PESOS), since=st.just(SINCE)),
            st.builds(Sparkline, points=st.lists(st.tuples(st.dates(), st.integers(0, 10**6)), max_size=9).map(tuple)),
            st.builds(Bars, name=st.just(label), bars=st.lists(bars, max_size=12).map(tuple)),
            st.builds(
                Columns,
                columns=st.lists(st.builds(Column, st.dates(), st.integers(-(10**9), 10**12)), max_size=30).map(tuple),
                currency=st.just(PESOS),
            ),
        )
    )


@given(charts(), st.sampled_from(LANGUAGES), st.sampled_from([320, 340, 760, 1200]))
def test_a_picture_is_sound_whatever_it_shows(chart: Chart, language: str, width: int) -> None:
    drawn = embedded(chart, language, width=width)
    root = ET.fromstring(drawn)
    assert not root.findall(f".//{SVG}script")
    assert not root.findall(f".//{SVG}style")
    assert not any("style" in each.attrib for each in root.iter())
    assert root.get("aria-label") == "".join(root.get("aria-label") or "") != ""
    assert "nan" not in drawn.replace("Finance", "")
    assert "charts." not in chart.caption.render(language)
    kept = ET.fromstring(standalone(chart, language, width=width))
    assert len(kept.findall(f".//{SVG}style")) == 1


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=200))
def test_a_ring_is_full_and_in_order_and_slivers_are_marked(values: list[int]) -> None:
    found = arcs(values)
    if not sum(values):
        assert all(arc.end == arc.start for arc in found)
        return
    assert isclose(sum(arc.end - arc.start for arc in found), FULL)
    assert all(one.end == pytest.approx(other.start) for one, other in pairwise(found))
    drawn = [arc.end - arc.start for arc in found]
    least = min(FULL / 150, FULL / 2 / sum(value > 0 for value in values)) * 0.999
    for arc, width, value in zip(found, drawn, values, strict=True):
        assert (width > least) == (value > 0)
        assert not arc.widened or width > FULL * value / sum(values)
        # What is not marked is never shown larger than it is, beside the others not marked.
        assert arc.widened or width <= FULL * value / sum(values) * 1.000001


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**9)), min_size=1, max_size=40))
def test_rings_that_face_each_other_stay_full_and_in_order(figures: list[tuple[int, int]]) -> None:
    inner, outer = arcs([one for one, _ in figures]), arcs([other for _, other in figures])
    turned = facing(inner, outer)
    for arc, before in zip(turned, outer, strict=True):
        assert arc.end - arc.start == pytest.approx(before.end - before.start)
        assert arc.widened == before.widened
    assert all(one.end == pytest.approx(other.start) for one, other in pairwise(turned))

    assert leaning(inner, turned) <= leaning(inner, outer) + 1e-9


def leaning(inner: Sequence[Arc], outer: Sequence[Arc]) -> float:
    """How far the ribbon that turns furthest turns."""
    both = [(one, other) for one, other in zip(inner, outer, strict=True) if one.is_there and other.is_there]
    return max((max(abs(other.start - one.start), abs(other.end - one.end)) for one, other in both), default=0.0)


@given(arrows())
def test_nobody_is_left_out_of_a_flow(drawn: tuple[Arrow, ...]) -> None:
    flow = Flow(arrows=drawn, currency=PESOS, since=SINCE)
    assert sum(each.customers for each in flow.drawn_arrows) == sum(each.customers for each in drawn)
    assert sum(each.money or 0 for each in flow.drawn_arrows) == sum(each.money or 0 for each in drawn)
    assert sum(int(row[2] or 0) for row in flow.data("en").rows) == sum(each.customers for each in drawn)


def fruit(*figures: tuple[str, int, int]) -> Fruit:
    return Fruit(
        carpels=tuple(
            Carpel(key=name, label=Labels({"en": name}), colour=1, customers=customers, money=money)
            for name, customers, money in figures
        ),
        currency=PESOS,
    )


def test_the_caption_of_a_fruit_counts_who_brings_half_of_the_money() -> None:
    told = fruit(("gold", 10, 6_000), ("silver", 30, 3_000), ("iron", 60, 1_000)).caption.render()
    assert told == "gold alone, 10.0% of the customers, brings 60.0% of the money."
    told = fruit(("gold", 10, 4_000), ("silver", 30, 3_000), ("iron", 60, 3_000)).caption.render()
    assert told == "2 segments with 40.0% of the customers bring 70.0% of the money, gold the most."
    assert fruit(("a", 1, 0), ("b", 3, 0)).caption.render() == "b is the largest segment, with 75.0% of the customers."
    assert fruit().caption.key == "charts.fruit-nobody"


def test_a_loss_is_hatched_and_a_sliver_marked() -> None:
    drawn = embedded(fruit(("gold", 999, 10_000_000), ("debtors", 1, -5_000)), "en")
    assert drawn.count("chart-loss") == 1
    assert drawn.count('fill="url(#hatch-') == 1
    assert drawn.count("chart-widened") == 2
    assert "Hatched: a loss." in drawn
    assert "Hollow: drawn wider than it is, to be seen." in drawn


@pytest.mark.parametrize("largest", [10, 1_000])
def test_names_beside_the_fruit_do_not_cover_each_other(largest: int) -> None:
    """Nor where one segment is so large that all other names stand at one side."""
    many = fruit(("first", largest, largest), *((f"segment {number}", 10, 10) for number in range(24)))
    for width in (760, 1200):
        root = ET.fromstring(embedded(many, "en", width=width))
        for anchor in ("start", "end"):
            lines = sorted(
                float(each.get("y") or 0) for each in root.iter(f"{SVG}text") if each.get("text-anchor") == anchor
            )
            assert all(below - above >= 11 for above, below in pairwise(lines))
            assert lines[0] > 0
            assert lines[-1] < float(root.get("height") or 0)


def test_the_caption_of_a_flow_names_who_lost_most() -> None:
    gold, iron = Side("g", Labels({"en": "Gold"}), 1), Side("i", Labels({"en": "Iron"}), 2)
    flow = Flow(
        arrows=(Arrow(before=gold, after=iron, customers=3), Arrow(before=iron, after=gold, customers=5)),
        currency=PESOS,
        since=SINCE,
    )
    assert flow.caption.render() == "Iron lost 5 customers since Jun 1, 2025, all to Gold."


def test_captions_of_the_others_are_true() -> None:
    day = SINCE
    spark = Sparkline(points=((day, 4), (day + timedelta(days=30), 9)))
    assert spark.caption.render() == "From 4 on Jun 1, 2025 to 9 on Jul 1, 2025."
    old, young = (
        Bar(label=Labels({"en": "old"}), customers=1, share=0.25, reference=0.5),
        Bar(label=Labels({"en": "young"}), customers=3, share=0.75, reference=0.6),
    )
    told = Bars(name=Labels({"en": "Age"}), bars=(old, young)).caption.render()
    assert told == "Age: old is 25.0% here, 50.0% of those compared with."
    months = Columns(columns=(Column(day, 100_000), Column(date(2025, 7, 1), 300_000)), currency=PESOS)
    assert months.caption.render() == "The best month was Jul 2025 with ₱3,000; a month brings ₱2,000 on average."


def test_a_table_for_a_spreadsheet_holds_no_formula() -> None:
    written = fruit(("=1+1", 1, 100)).data("en").csv("en")
    assert written.splitlines()[1] == "'=1+1,1,1.00"


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_colour_stands_out_from_its_ground(theme: int) -> None:
    ground = _luminance(GROUND[theme])
    for pair in PALETTE:
        light, dark = sorted((_luminance(pair[theme]), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3


def test_a_picture_of_its_own_needs_no_page() -> None:
    assert "var(--ink" not in standing_alone()
    assert "light-dark" not in standing_alone()
    assert all(f".segment-{slot} " in stylesheet() for slot in range(1, len(PALETTE) + 1))
