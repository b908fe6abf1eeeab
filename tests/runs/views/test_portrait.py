"""A portrait's sentences and figures are true of the customers in the segment."""

from __future__ import annotations

from datetime import date

import pytest

from carpel.kernel.texts import LANGUAGES
from carpel.runs.views.distributions import Shape
from carpel.runs.views.errors import NotThere
from carpel.runs.views.portrait import Part, SegmentPortrait
from carpel.schemes import read_scheme
from carpel.workspace import Workspace
from tests.runs.views.conftest import FIRST, NOW, Ask

KEYS = ("regulars", "leads-people", "lapsed", "key-accounts-steady")


@pytest.fixture(scope="module")
def regulars(company: Workspace) -> SegmentPortrait:
    return company.segment("regulars", now=NOW)


def inside(company: Workspace, segment: str) -> str:
    """The leaves of a segment as SQL."""
    leaves = [leaf.key for leaf in company.current.scheme.leaves if segment in company.current.scheme.paths[leaf.key]]
    return f"segment IN ({', '.join(repr(leaf) for leaf in leaves)})"


@pytest.mark.parametrize("key", KEYS)
def test_size_money_and_parts(company: Workspace, ask: Ask, key: str) -> None:
    found = company.segment(key, now=NOW)
    [(customers, revenue)] = ask(f"SELECT count(*), sum(monetary_value) FROM placed WHERE {inside(company, key)}")
    assert found.revenue
    assert (found.customers.value, found.revenue.value) == (customers, revenue)
    assert not found.parts or sum(part.customers for part in found.parts) == customers
    assert found.path[-1].key == key


@pytest.mark.parametrize("key", KEYS)
def test_sentences_are_whole_in_every_language(company: Workspace, key: str) -> None:
    found = company.segment(key, now=NOW)
    assert 1 <= len(found.sentences) <= 3
    said = [*found.sentences, *found.needs.sentences, *(each.sentence for each in found.apart)]
    for sentence in (*said, *(bar.label for each in found.apart for bar in each.distribution.bins)):
        for language in LANGUAGES:
            assert sentence.render(language)
            assert "{" not in sentence.render(language)
            assert "views." not in sentence.render(language)


@pytest.mark.parametrize("key", KEYS)
def test_shares_of_bars_add_up_to_1(company: Workspace, key: str) -> None:
    for each in company.segment(key, now=NOW).apart:
        bins = each.distribution.bins
        if each.distribution.shape is not Shape.SETS:
            assert sum(bar.share for bar in bins) == pytest.approx(1)
            assert sum(bar.reference or 0 for bar in bins) == pytest.approx(1)
            assert sum(bar.customers for bar in bins) == each.distribution.known
        assert 0 < each.strength <= 1


def test_what_sets_apart_is_ranked_and_told_by_its_widest_difference(regulars: SegmentPortrait) -> None:
    assert [each.strength for each in regulars.apart] == sorted(
        (each.strength for each in regulars.apart), reverse=True
    )
    for each in regulars.apart:
        bars = [bar for bar in each.distribution.bins if bar.key in each.bins]
        shares = [sum(bar.share for bar in bars), sum(bar.reference or 0 for bar in bars)]
        told = [float(each.sentence.params[name].share) for name in ("share", "reference")]  # type: ignore[union-attr]
        assert told == pytest.approx(shares)


def test_a_number_is_as_far_apart_as_sql_says(company: Workspace, ask: Ask) -> None:
    found = {each.attribute.key: each for each in company.segment("lapsed", now=NOW).apart}
    edges = [bar.low for bar in found["recency_days"].distribution.bins if bar.low is not None]
    shares = ", ".join(f"avg((recency_days < {edge})::int) FILTER (recency_days IS NOT NULL)" for edge in edges)
    rows = [
        ask(f"SELECT {shares}, count(recency_days) FROM placed WHERE {which}")[0]
        for which in (inside(company, "lapsed"), "segment IS NOT NULL")
    ]
    apart = max(abs(one - other) for one, other in zip(rows[0][:-1], rows[1][:-1], strict=True))
    chance = 0.8687 / (rows[0][-1] * rows[1][-1] / (rows[0][-1] + rows[1][-1])) ** 0.5
    assert found["recency_days"].strength == pytest.approx(apart - chance)
    assert found["recency_days"].by_rule


def test_a_word_is_as_frequent_as_sql_says(company: Workspace, ask: Ask) -> None:
    found = next(each for each in company.segment("key-accounts-steady", now=NOW).apart if each.attribute.key == "kind")
    kinds = ask("SELECT kind, count(*) FROM placed WHERE segment = 'key-accounts-steady' GROUP BY 1")
    rows: dict[str, int] = dict(kinds)
    assert {bar.value: bar.customers for bar in found.distribution.bins if bar.customers} == rows


def test_another_segment_can_be_compared_with(company: Workspace, ask: Ask) -> None:
    found = company.segment("lapsed", versus="regulars", now=NOW)
    first = found.apart[0].distribution
    [(count,)] = ask(f"SELECT count(*) FROM placed WHERE {inside(company, 'regulars')}")
    assert (found.versus, first.reference_customers) == ("regulars", count)


@pytest.mark.parametrize("key", KEYS)
def test_months_are_the_orders_of_those_who_are_in_the_segment_now(company: Workspace, ask: Ask, key: str) -> None:
    found = company.segment(key, now=NOW)
    rows = ask(
        f"""SELECT date_trunc('month', o.day)::date, count(*) FILTER (NOT o.is_return), sum(o.amount)
            FROM orders o JOIN placed p USING (customer_no)
            WHERE o.ordered_at < TIMESTAMP '2025-06-29 16:00' AND {inside(company, key)} GROUP BY 1"""
    )
    by_hand = {month: (orders, money) for month, orders, money in rows}
    assert found.earnings
    assert len(found.earnings.months) == 24
    for month in found.earnings.months:
        assert (month.orders, month.revenue) == by_hand.get(month.month, (0, 0))
    assert found.earnings.months[-1].month == date(2025, 6, 1)
    assert not found.earnings.months[-1].whole
    assert found.revenue
    assert found.earnings.total == found.revenue.value


def test_categories_are_counted_by_customers_and_by_money(
    regulars: SegmentPortrait, company: Workspace, ask: Ask
) -> None:
    who = inside(company, "regulars")
    customers: dict[str, int] = dict(
        ask(f"SELECT c, count(*) FROM (SELECT unnest(categories) AS c FROM placed WHERE {who}) GROUP BY 1")
    )
    money: dict[str, int] = dict(
        ask(
            f"""SELECT l.category, sum(l.amount) FROM order_lines l JOIN placed p USING (customer_no)
                WHERE l.ordered_at < TIMESTAMP '2025-06-29 16:00' AND p.{who} GROUP BY 1"""
        )
    )
    for each in (*regulars.needs.categories, *regulars.needs.categories_by_money):
        assert (each.customers, each.revenue) == (customers.get(each.key, 0), money.get(each.key, 0))
    assert regulars.needs.categories[0].customers == max(customers.values())
    assert regulars.needs.categories_by_money[0].revenue == max(money.values())


def test_weekdays_are_those_of_the_orders(regulars: SegmentPortrait, company: Workspace, ask: Ask) -> None:
    rows = ask(
        f"""SELECT isodow(o.day), count(*) FROM orders o JOIN placed p USING (customer_no)
            WHERE NOT o.is_return AND o.ordered_at < TIMESTAMP '2025-06-29 16:00'
              AND {inside(company, "regulars")} GROUP BY 1"""
    )
    assert {bar.number: bar.orders for bar in regulars.needs.weekdays} == dict(rows)
    assert sum(bar.share for bar in regulars.needs.weekdays) == pytest.approx(1)


def test_at_least_half_are_as_the_summary_says(regulars: SegmentPortrait, company: Workspace, ask: Ask) -> None:
    said = regulars.sentences[-1].params
    often_said, recency = (said[name].params["count"] for name in ("frequency", "recency"))  # type: ignore[union-attr]
    [(often, lately)] = ask(
        f"""SELECT avg((frequency >= {often_said})::int) FILTER (frequency > 0),
                   avg((recency_days <= {recency})::int)
            FROM placed WHERE {inside(company, "regulars")}"""
    )
    assert min(often, lately) >= 0.5


def test_movements_are_what_crossed_the_border(company: Workspace, regulars: SegmentPortrait, ask: Ask) -> None:
    who = inside(company, "regulars")
    [(came, left)] = ask(
        f"""SELECT count(*) FILTER ({who} AND NOT coalesce(previous_{who}, false)),
                   count(*) FILTER (previous_{who} AND NOT coalesce({who}, false)) FROM assignments"""
    )
    moves = regulars.movements
    assert moves
    assert moves.since == FIRST
    assert sum(flow.customers for flow in moves.came) == came == moves.segment.came + moves.segment.entered
    assert sum(flow.customers for flow in moves.left) == left == moves.segment.left + moves.segment.exited
    assert moves.segment.after == regulars.customers.value


def test_the_way_into_a_segment_is_told_step_by_step(company: Workspace) -> None:
    found = company.segment("leads-people", now=NOW)
    assert [(step.segment, step.part) for step in found.rules] == [
        ("leads", Part.WHEN),
        ("leads-people", Part.OTHERWISE),
    ]
    assert found.rules[0].rule == "relationship in ('lead', 'prospect')"


def test_the_yaml_of_a_segment_is_its_own(company: Workspace) -> None:
    found = company.segment("leads", now=NOW).yaml
    scheme = read_scheme("scheme: x\nsegments:\n" + found + "\n- key: rest\n  otherwise: true\n", "x")
    assert scheme.segments[0] == company.current.scheme.segment("leads")


def test_what_needs_attention_is_said_of_the_segment_alone(company: Workspace) -> None:
    found = company.segment("let-down", now=NOW)
    assert found.attention
    assert {item.segments for item in found.attention} == {("let-down",)}
    assert company.segment("regulars", now=NOW).attention != found.attention


def test_an_unknown_segment_is_told_with_the_nearest(company: Workspace) -> None:
    with pytest.raises(NotThere, match="regulars"):
        company.segment("regular")
    with pytest.raises(NotThere):
        company.segment("regulars", versus="nobody")
