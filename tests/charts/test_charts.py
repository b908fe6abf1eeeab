"""Pictures: what is drawn is what is there, whatever it is called."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
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
    Line,
    Lines,
    Ranked,
    Ranking,
    Side,
    Sparkline,
    embedded,
    standalone,
)
from carpel.charts.colours import PALETTE, standing_alone, stylesheet
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


def lines() -> st.SearchStrategy[tuple[Line, ...]]:
    values = st.one_of(st.none(), st.integers(-(10**9), 10**12), st.floats(0, 1))
    days = st.lists(st.tuples(st.dates(), values), max_size=9, unique_by=lambda point: point[0])
    each = st.builds(
        Line,
        label=NAMES.map(lambda name: Labels({"en": name})),
        points=days.map(lambda points: tuple(sorted(points, key=lambda point: point[0]))),
        href=st.sampled_from([None, "/segments/k"]),
    )
    return st.lists(each, max_size=5).map(tuple)


def ranked() -> st.SearchStrategy[tuple[Ranked, ...]]:
    label = NAMES.map(lambda name: Labels({"en": name}))
    return st.lists(st.builds(Ranked, label=label, value=st.integers(-(10**9), 10**12)), max_size=9).map(tuple)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    label = draw(NAMES.map(lambda name: Labels({"en": name})))
    shares = st.floats(0, 1)
    bars = st.builds(
        Bar, label=st.just(label), customers=st.integers(0, 9), share=shares, reference=st.one_of(st.none(), shares)
    )
    found: Chart = draw(
        st.one_of(
            st.builds(Fruit, carpels=carpels(), currency=st.just(PESOS)),
            st.builds(Flow, arrows=arrows(), currency=st.just(PESOS), since=st.just(SINCE)),
            st.builds(Sparkline, points=st.lists(st.tuples(st.dates(), st.integers(0, 10**6)), max_size=9).map(tuple)),
            st.builds(Lines, name=st.just(label), lines=lines(), currency=st.sampled_from([None, PESOS])),
            st.builds(Ranking, name=st.just(label), bars=ranked(), currency=st.sampled_from([None, PESOS])),
            st.builds(Bars, name=st.just(label), bars=st.lists(bars, max_size=12).map(tuple)),
            st.builds(
                Columns,
                columns=st.lists(st.builds(Column, st.dates(), st.integers(-(10**9), 10**12)), max_size=30).map(tuple),
                currency=st.just(PESOS),
            ),
        )
    )
    return found


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
    assert "{" not in chart.caption.render(language).replace("<a>", "")
    kept = standalone(chart, language, width=width)
    assert len(ET.fromstring(kept).findall(f".//{SVG}style")) == 1
    assert not ET.fromstring(kept).findall(f".//{SVG}a")
    assert "var(" not in kept


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
    assert told == "10.0% of the customers, those of gold, bring 60.0% of the money."
    told = fruit(("gold", 10, 4_000), ("silver", 30, 3_000), ("iron", 60, 3_000)).caption.render()
    assert told == "2 segments with 40.0% of the customers bring 70.0% of the money, gold the most."
    assert fruit(("all", 7, 600), ("none", 0, 0)).caption.render() == "All customers are in all."
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
    assert months.caption.render() == "The best month was Jul 2025 with ₱3,000; a whole month brings ₱2,000 on average."


def named(name: str) -> Labels:
    return Labels({"en": name})


def fruit_of(customers: Sequence[int], money: Sequence[int | None]) -> Fruit:
    each = zip("abcdef", customers, money, strict=False)
    return Fruit(
        carpels=tuple(
            Carpel(key=key, label=named(key), colour=1, customers=many, money=has) for key, many, has in each
        ),
        currency=PESOS,
    )


def bars_of(shares: Sequence[float], rest: float = 0.0) -> Bars:
    bars = [Bar(label=named(f"b{place}"), customers=1, share=share) for place, share in enumerate(shares)]
    return Bars(name=named("City"), bars=(*bars, Bar(label=named("others"), customers=5, share=rest, is_rest=True)))


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        (
            fruit_of((3, 4, 4, 4), (None,) * 4),
            "b and 2 more segments are the largest, each with 26.7% of the customers.",
        ),
        (
            fruit_of((1, 1, 2), (40, 40, 20)),
            "2 segments with 50.0% of the customers bring 80.0% of the money, a among those with the most.",
        ),
        (
            fruit_of((1, 1, 1, 1), (40, 40, 20, -7)),
            (
                "2 segments with 50.0% of the customers bring 80.0% of all that came in, a among those with the most;"
                " d cost ₱0."
            ),
        ),
        (bars_of((0.1, 0.3, 0.3)), "City: most often b1 and 1 more, each 30.0% of those of whom it is known."),
        (
            Ranking(name=named("Orders"), bars=tuple(Ranked(label=named(each), value=2) for each in "ab")),
            "Orders: a and 1 more have the most, 2 each, 50.0% of all.",
        ),
        (
            Columns(columns=tuple(Column(date(2025, month, 1), 100) for month in (1, 2)), currency=PESOS),
            "The best months were Jan 2025 and 1 more with ₱1 each; a whole month brings ₱1 on average.",
        ),
    ],
)
def test_nothing_is_singled_out_among_equals(chart: Chart, told: str) -> None:
    assert chart.caption.render() == told
    assert len({chart.caption.render(language) for language in LANGUAGES}) == len(LANGUAGES)


def test_the_words_without_a_bar_of_their_own_are_never_the_most_frequent_value() -> None:
    told = bars_of((0.2, 0.1), rest=0.7).caption.render()
    assert told == "City: most often b0, 20.0% of those of whom it is known."
    assert bars_of((), rest=1.0).caption.render() == "City: no value has a bar of its own."


def test_a_wide_range_is_not_called_the_most_frequent_value() -> None:
    one = replace(bars_of((0.138, 0.25, 0.2)), of_ranges=True)
    assert one.caption.render() == "City: of these ranges, b1 holds the most, 25.0% of those of whom it is known."
    alike = replace(bars_of((0.13801, 0.13799)), of_ranges=True).caption.render()
    assert alike == "City: of these ranges, b0 and 1 more hold the most, each 13.8% of those of whom it is known."


def test_a_month_that_is_not_over_does_not_lower_the_mean() -> None:
    past, now = Column(date(2025, 1, 1), 300_000), Column(date(2025, 2, 1), 10_000, is_whole=False)
    told = Columns(columns=(past, now), currency=PESOS).caption.render()
    assert told == "The best month was Jan 2025 with ₱3,000; a whole month brings ₱3,000 on average."
    assert Columns(columns=(now,), currency=PESOS).caption.render() == "Feb 2025 brought ₱100 so far."


def test_a_loss_in_a_table_stays_a_number() -> None:
    charts: tuple[Chart, ...] = (
        fruit_of((1,), (-12_345,)),
        Columns(columns=(Column(SINCE, -12_345),), currency=PESOS),
        Flow(
            arrows=(Arrow(before=Side("a", named("a")), after=Side("b", named("b")), customers=1, money=-12_345),),
            currency=PESOS,
            since=SINCE,
        ),
        Lines(name=named("Money"), lines=(Line(label=named("a"), points=((SINCE, -12_345),)),), currency=PESOS),
        Ranking(name=named("Money"), bars=(Ranked(label=named("a"), value=-12_345),), currency=PESOS),
    )
    for chart in charts:
        assert chart.data("en").csv("en").splitlines()[1].endswith(",-123.45")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a"])
def test_no_name_and_no_heading_of_a_table_is_a_formula(name: str) -> None:
    bars = Bars(name=named(name), bars=(Bar(label=named(name), customers=1, share=1.0),))
    for row in csv.reader(io.StringIO(bars.data("en").csv("en"), newline="")):
        assert row[0] == f"'{name}"


def test_a_table_for_a_spreadsheet_holds_no_formula() -> None:
    written = fruit(("=1+1", 1, 100)).data("en").csv("en")
    assert written.splitlines()[1] == "'=1+1,1,1.00"


def test_a_picture_of_its_own_needs_no_page() -> None:
    assert "var(--ink" not in standing_alone()
    assert "light-dark" not in standing_alone()
    assert all(f".segment-{slot} " in stylesheet() for slot in range(1, len(PALETTE) + 1))


def test_pictures_on_one_page_do_not_share_a_name() -> None:
    """A hatching in a picture that is not shown would be lost to all others of its name."""
    losing = fruit(("gold", 9, 100), ("debtors", 1, -5_000))
    names = [
        name
        for width, class_ in ((760, "chart--wide"), (340, "chart--narrow"))
        for name in re.findall(r' id="([^"]+)"', embedded(losing, "en", width=width, class_=class_))
    ]
    assert len(names) == len(set(names)) == 2


def test_a_segment_is_one_step_of_the_keyboard() -> None:
    linked = Carpel(key="a", label=Labels({"en": "a"}), colour=1, customers=3, money=5, href="/segments/a")
    both = Fruit(carpels=(linked, replace(linked, key="b", href="/segments/b")), currency=PESOS)
    for width in (340, 760):
        root = ET.fromstring(embedded(both, "en", width=width))
        assert [each.get("href") for each in root.iter(f"{SVG}a")] == ["/segments/a", "/segments/b"]
        assert all(each.find(f"{SVG}title") is not None for each in root.iter(f"{SVG}a"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_show_is_said(language: str) -> None:
    empty: list[Chart] = [
        Fruit(carpels=(), currency=PESOS),
        Flow(arrows=(), currency=PESOS, since=SINCE),
        Bars(name=Labels({"en": "Age"}), bars=()),
        Columns(columns=(), currency=PESOS),
        Lines(name=Labels({"en": "Customers"}), lines=()),
        Ranking(name=Labels({"en": "Customers"}), bars=()),
    ]
    for chart in empty:
        root = ET.fromstring(embedded(chart, language, width=1200))
        said = "".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
        assert said == chart.caption.render(language) != ""


@pytest.mark.parametrize(
    ("money", "told"),
    [
        (
            (600, 400, -50),
            "10.0% of the customers, those of a, bring 60.0% of all that came in; c cost \u20b11.",
        ),
        ((-100_000, -200_000, 0), "No segment brings money; 2 segments cost \u20b13,000."),
        ((60_000, -100_000, -200_000), "10.0% of the customers, those of a, bring 100.0% of all that came in; "),
    ],
)
def test_the_caption_of_a_fruit_does_not_hide_a_loss(money: tuple[int, int, int], told: str) -> None:
    assert fruit(("a", 10, money[0]), ("b", 30, money[1]), ("c", 60, money[2])).caption.render().startswith(told)


def test_the_last_point_of_a_sparkline_is_marked() -> None:
    spark = Sparkline(points=((SINCE, 4), (SINCE + timedelta(days=30), 9), (SINCE + timedelta(days=60), 7)))
    root = ET.fromstring(embedded(spark, "en", width=90))
    last = next(root.iter(f"{SVG}polyline")).get("points", "").split()[-1]
    dot = next(root.iter(f"{SVG}circle"))
    assert tuple(map(float, last.split(","))) == pytest.approx(
        (float(dot.get("cx") or 0), float(dot.get("cy") or 0)), abs=0.1
    )


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=24))
def test_columns_are_as_high_as_their_money(money: list[int]) -> None:
    months = tuple(Column(date(2024 + place // 12, place % 12 + 1, 1), each) for place, each in enumerate(money))
    root = ET.fromstring(embedded(Columns(columns=months, currency=PESOS), "en"))
    drawn = [each for each in root.iter(f"{SVG}rect") if each.get("class") in {"chart-mark", "chart-loss"}]
    if not any(money):
        return
    tallest = max(float(each.get("height") or 0) for each in drawn)
    for each, value in zip(drawn, money, strict=True):
        assert float(each.get("height") or 0) == pytest.approx(tallest * abs(value) / max(map(abs, money)), abs=0.02)
        assert (each.get("class") == "chart-loss") == (value < 0)


def test_captions_of_lines_and_rankings_are_true() -> None:
    def line(name: str, *values: float | None) -> Line:
        days = (SINCE + timedelta(days=30 * place) for place in range(len(values)))
        return Line(label=Labels({"en": name}), points=tuple(zip(days, values, strict=True)))

    def told(*drawn: Line) -> str:
        return Lines(name=Labels({"en": "Customers"}), lines=drawn).caption.render()

    assert told(line("a", 5, 9), line("b", 20, None, 12)) == (
        "Customers: b fell from 20 on Jun 1, 2025 to 12 on Jul 31, 2025."
    )
    assert told(line("a", 5, 9)) == "Customers: a rose from 5 on Jun 1, 2025 to 9 on Jul 1, 2025."
    assert told(line("a", 5, 7, 5)) == "Customers: a is 5 on Jul 31, 2025, as on Jun 1, 2025."
    assert told(line("a", None, 7)) == "Customers: a is 7 on Jul 1, 2025."

    def ranking(*values: int) -> Ranking:
        bars = tuple(Ranked(label=Labels({"en": f"s{value}"}), value=value) for value in values)
        return Ranking(name=Labels({"en": "Orders"}), bars=bars)

    assert ranking(30, 50, 20).caption.render() == "Orders: s50 has the most, 50, 50.0% of all."
    assert ranking(30, -5).caption.render() == "Orders: from 30 at s30 down to -5 at s-5."
    assert [row[2] for row in ranking(30, 50, 20).data("en").rows] == [0.3, 0.5, 0.2]


def test_what_is_not_known_breaks_a_line() -> None:
    points = tuple((SINCE + timedelta(days=place), None if place == 3 else place) for place in range(7))
    drawn = embedded(Lines(name=Labels({"en": "n"}), lines=(Line(label=Labels({"en": "a"}), points=points),)), "en")
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 6
