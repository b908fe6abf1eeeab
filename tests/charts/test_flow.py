"""The flow: nobody is lost on the way, and its sentence is true."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.charts import Arrow, Flow, Side, Subject, embedded
from carpel.charts.flow import MOST, MOST_NARROW, OTHERS
from carpel.charts.flow_drawing import Band, End, _on_two_lines, laid_out
from carpel.kernel.money import Currency
from carpel.kernel.texts import LANGUAGES, Labels

PESOS = Currency("PHP")
SINCE = date(2025, 6, 1)
OUTSIDE = Side(None, Labels({"en": "outside the base"}))


def side(key: str | None) -> Side:
    return OUTSIDE if key is None else Side(key, Labels({"en": key}), 1)


def arrow(before: str | None, after: str | None, customers: int, money: int | None = None) -> Arrow:
    return Arrow(before=side(before), after=side(after), customers=customers, money=money)


def flow(*arrows: Arrow, subject: str | None = None) -> Flow:
    of = Subject(Labels({"en": subject}), frozenset({subject})) if subject else None
    return Flow(arrows=arrows, currency=PESOS, since=SINCE, subject=of)


KEYS = st.sampled_from([None, *(f"s{number}" for number in range(30))])
ARROWS = st.lists(
    st.builds(arrow, KEYS, KEYS, st.integers(1, 10**6), st.one_of(st.none(), st.integers(-(10**6), 10**9))),
    min_size=1,
    max_size=120,
    unique_by=lambda each: (each.before.key, each.after.key),
)


@given(ARROWS, st.sampled_from([MOST, MOST_NARROW]))
def test_nobody_is_left_out_and_no_segment_shown_is_wrong(arrows: list[Arrow], most: int) -> None:
    gathered = flow(*arrows).gathered(most)
    assert sum(each.customers for each in gathered) == sum(each.customers for each in arrows)
    for end in ("before", "after"):
        true, shown = Counter[str | None](), Counter[str | None]()
        for each in arrows:
            true[getattr(each, end).key] += each.customers
        for each in gathered:
            shown[getattr(each, end).key] += each.customers
        assert all(shown[key] == true[key] for key in shown if key != OTHERS)
        assert len([key for key in shown if key is not None]) <= most + 1
        hidden = [true[key] for key in true if key not in shown]
        # Those gathered are the smallest, at least two of them, and their number is said.
        assert shown[OTHERS] == sum(hidden)
        assert all(largest <= shown[key] for largest in hidden for key in shown if key not in {OTHERS, None})
        if hidden:
            label = next(getattr(each, end).label for each in gathered if getattr(each, end).key == OTHERS)
            assert label.render() == f"{len(hidden)} other segments"
            assert len(hidden) > 1


@given(ARROWS)
def test_what_flows_out_of_a_node_is_as_high_as_the_node(arrows: list[Arrow]) -> None:
    bands = [
        Band(
            before=End(str(each.before.key), "a", None),
            after=End(str(each.after.key), "b", None),
            customers=each.customers,
            figures="",
            said="",
            href=None,
        )
        for each in arrows
    ]
    layout = laid_out(bands, 19.0)
    for nodes, end, edge in ((layout.left, "before", "start"), (layout.right, "after", "end")):
        for key, node in nodes.items():
            mine = sorted(
                (getattr(laid, edge), laid.thick) for laid in layout.bands if getattr(laid.band, end).key == key
            )
            assert node.height == pytest.approx(sum(thick for _, thick in mine))
            assert mine[0][0] == pytest.approx(node.y)
            assert all(y + thick == pytest.approx(below) for (y, thick), (below, _) in pairwise(mine))
        placed = sorted(nodes.values(), key=lambda node: node.y)
        assert all(one.y + one.height <= other.y for one, other in pairwise(placed))
        assert all(other.middle - one.middle >= 19 for one, other in pairwise(placed))


@given(ARROWS)
def test_the_table_holds_every_arrow(arrows: list[Arrow]) -> None:
    rows = flow(*arrows).data("en").rows
    assert Counter((row[0], row[1], row[2]) for row in rows) == Counter(
        (each.before.label.render(), each.after.label.render(), each.customers) for each in arrows
    )


@given(ARROWS)
def test_the_caption_names_who_lost_most(arrows: list[Arrow]) -> None:
    lost = Counter[str]()
    for each in arrows:
        if each.before.key is not None:
            lost[each.before.key] += each.customers
    if not lost:
        return
    caption = flow(*arrows).caption
    loser = str(caption.params["segment"])
    assert lost[loser] == max(lost.values())
    to = Counter[str | None]({each.after.key: each.customers for each in arrows if each.before.key == loser})
    (first, most), *rest = to.most_common()
    told = caption.render()
    name = "outside the base" if first is None else first
    if not rest:
        assert told.endswith(f", all to {name}.")
    elif 2 * most > lost[loser]:
        assert told.endswith(f", most to {name}.")
    elif most > rest[0][1]:
        assert told.endswith(f", the largest part to {name}.")
    else:
        assert " to " not in told


def test_captions_carry_customers_and_money() -> None:
    gold = arrow("Gold", "At risk", 200, 1_150_000_00), arrow("Gold", None, 14, 50_000_00)
    told = flow(*gold, arrow(None, "Gold", 300, 0)).caption.render()
    assert told == "Gold lost 214 customers worth \u20b11.2M since Jun 1, 2025, most to At risk."
    assert flow(arrow("Gold", "Iron", 1)).caption.render() == "Gold lost 1 customer since Jun 1, 2025, all to Iron."
    assert flow(arrow(None, "Gold", 300, 0)).caption.render() == (
        "Gold gained 300 customers worth \u20b10 since Jun 1, 2025, all from outside the base."
    )


def test_money_that_is_known_in_part_is_not_told_as_the_whole() -> None:
    told = flow(arrow("Gold", "Iron", 5, 100_00), arrow("Gold", "Tin", 5)).caption.render()
    assert told == "Gold lost 10 customers since Jun 1, 2025."


def test_of_one_segment_the_caption_says_whether_it_lost_or_gained() -> None:
    arrows = arrow("Gold", "Iron", 5), arrow("Iron", "Gold", 9), arrow("Tin", "Gold", 2)
    assert flow(*arrows, subject="Gold").caption.render() == (
        "Gold gained 11 customers since Jun 1, 2025, most from Iron."
    )
    assert flow(*arrows, subject="Iron").caption.render() == "Iron lost 9 customers since Jun 1, 2025, all to Gold."


@pytest.mark.parametrize("language", LANGUAGES)
def test_thirty_segments_fit_in_every_language(language: str) -> None:
    many = flow(
        *(arrow(f"s{one}", f"s{(one * 7 + other) % 30}", 1 + one * other) for one in range(30) for other in range(9))
    )
    for width in (340, 760):
        drawn = embedded(many, language, width=width)
        height = float(drawn.split('viewBox="0 0 ')[1].split('"')[0].split()[1])
        assert height < 700


@given(st.text(alphabet="ab é重点 ", min_size=1, max_size=40), st.integers(0, 10**7))
def test_on_a_phone_a_name_goes_on_before_its_figure(label: str, customers: int) -> None:
    figure = str(customers)
    first, second = _on_two_lines(label, figure, 115.0)
    assert second.endswith(f">{figure}</tspan>")
    shown = (first + second.split("<tspan")[0]).replace(" ", "")
    whole = label.replace(" ", "")
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))
