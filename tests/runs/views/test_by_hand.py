"""Every figure that pages and JSON show, to the unit what a hand-written query finds in the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

import pytest

import carpel
from carpel.demo import generate
from carpel.kernel.types import ValueType
from carpel.runs.views.bars import MOST_SHOWN
from carpel.runs.views.comparing import FEWEST
from carpel.runs.views.customers import EventKind
from carpel.runs.views.distributions import Bin, Distribution, Shape
from carpel.runs.views.figures.counting import MEDIANS
from carpel.runs.views.needing import MOST
from carpel.runs.views.overview import Overview
from carpel.runs.views.portrait import Bought, SegmentPortrait
from carpel.sources.staging import staging
from carpel.workspace import Workspace
from tests.runs.views.by_hand import DAYS, KNOWN_UNTIL, ByHand
from tests.runs.views.conftest import END, NOW

SEGMENTS = (
    *("leads", "leads-organisations", "leads-people", "let-down"),
    *("key-accounts", "key-accounts-slipping", "key-accounts-lapsed", "key-accounts-growing", "key-accounts-steady"),
    *("businesses", "businesses-new", "businesses-slipping", "businesses-lapsed", "resellers", "businesses-steady"),
    *("newcomers", "lapsed", "lapsed-once-good", "lapsed-others"),
    *("regulars", "regulars-slipping", "regulars-best", "regulars-others", "occasional"),
)
SOLD = f"FROM orders o JOIN now p USING (customer_no) WHERE o.ordered_at < {KNOWN_UNTIL}"
LINES = f"FROM order_lines l JOIN now p USING (customer_no) WHERE l.ordered_at < {KNOWN_UNTIL}"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Two and a half thousand customers in several buckets, and runs as of three days."""
    folder = tmp_path_factory.mktemp("by_hand") / "company"
    generate(folder, customers=2_500, seed=11, end=END)
    with carpel.open(folder) as workspace:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(staging, "bucket_size", lambda customers, _: customers // 4)
            for day in DAYS:
                workspace.run(as_of=day)
        assert workspace.current.facts.bucket_count > 1
        yield workspace


@pytest.fixture(scope="module")
def hand(company: Workspace) -> ByHand:
    return ByHand.of(company)


@pytest.fixture(scope="module")
def overview(company: Workspace) -> Overview:
    return company.overview(now=NOW)


@pytest.fixture(scope="module")
def portraits(company: Workspace) -> Mapping[str, SegmentPortrait]:
    return {key: company.segment(key, now=NOW) for key in SEGMENTS}


def test_all_segments_of_the_scheme_are_asked_about(hand: ByHand) -> None:
    assert tuple(hand.tree) == SEGMENTS


def test_tiles(overview: Overview, hand: ByHand) -> None:
    sums = "SELECT count(segment), count(*) - count(segment), sum(monetary_value) FILTER (segment IS NOT NULL) FROM "
    (now,), (before,) = hand.ask(f"{sums} now"), hand.ask(f"{sums} before")
    assert overview.in_segments
    tiles = (overview.customers, overview.outside, overview.in_segments)
    assert tuple(tile.value for tile in tiles) == now
    assert tuple(tile.before for tile in tiles) == before
    assert (overview.since, overview.as_of) == (date.fromisoformat(DAYS[1]), END)


def test_money_in_no_segment(overview: Overview, hand: ByHand) -> None:
    late, outside = (
        hand.ask(f"SELECT coalesce(sum(o.amount), 0)::hugeint FROM orders o JOIN now USING (customer_no) WHERE {which}")
        for which in (f"o.ordered_at >= {KNOWN_UNTIL}", f"segment IS NULL AND o.ordered_at < {KNOWN_UNTIL}")
    )
    nobodys = hand.ask("SELECT sum(amount) FROM orders_of_nobody")
    told = {"after_as_of": late[0][0], "outside_base": outside[0][0], "without_customer": nobodys[0][0]}
    assert {name: overview.rests[name] for name in told} == told
    assert overview.revenue
    [(everything,)] = hand.ask("SELECT sum(amount) FROM (FROM orders UNION ALL BY NAME FROM orders_of_nobody)")
    assert overview.revenue.value == everything + sum(overview.rests[name] for name in ("quarantine", "rounding"))


def test_all_the_money_of_the_export(company: Workspace, overview: Overview, hand: ByHand) -> None:
    """Dollars at the rate of their day; whatever is set aside is in it."""
    data = company.settings.folder / "data"
    rates = f"read_csv('{data}/finance/exchange_rates.csv', types = {{'Rate': 'VARCHAR', 'Day': 'DATE'}})"
    [(exact,)] = hand.ask(
        f"""SELECT 100 * sum(o.amount * coalesce(r."Rate"::decimal(12, 6), 1))
            FROM read_parquet('{data}/shop/orders/*.parquet') o
            LEFT JOIN {rates} r ON r."Currency" = o.currency AND r."Day" = o.ordered_at::date"""
    )
    assert overview.revenue
    assert overview.revenue.value == pytest.approx(float(exact), abs=1)
    assert overview.in_segments
    assert overview.revenue.value == overview.in_segments.value + sum(overview.rests.values())


@pytest.mark.parametrize("key", SEGMENTS)
def test_a_segments_row_and_past(overview: Overview, hand: ByHand, key: str) -> None:
    line, who = overview.line(key), hand.inside(key)
    sums = f"SELECT count(*), coalesce(sum(monetary_value), 0)::bigint FROM {{}} WHERE {who}"
    rows = [hand.ask(sums.format(run))[0] for run in ("first", "before", "now")]
    [(bought,)] = hand.ask(f"SELECT coalesce(sum(o.amount), 0)::bigint {SOLD} AND {who}")
    assert [(point.customers, point.revenue) for point in line.history] == rows
    assert (line.row.customers, line.row.revenue) == rows[-1] == (line.customers.value, bought)
    assert line.revenue
    assert (line.customers.before, line.revenue.before) == rows[1]
    assert line.customers.change == rows[2][0] - rows[1][0]
    [(share, money_share)] = hand.ask(
        f"""SELECT count(*) FILTER ({who}) / count(*), sum(monetary_value) FILTER ({who}) / sum(monetary_value)
            FROM now WHERE segment IS NOT NULL"""
    )
    assert (line.share, line.money_share) == pytest.approx((share, money_share))


def crossing(before: str) -> str:
    """Everyone who was in the base of either run, with the money of the later one."""
    return f"""SELECT b.segment AS before, n.segment AS after, count(*) AS customers,
                      sum(n.monetary_value)::bigint AS revenue
               FROM {before} b FULL JOIN now n USING (customer_id)
               WHERE b.segment IS NOT NULL OR n.segment IS NOT NULL GROUP BY 1, 2"""


@pytest.mark.parametrize(("run", "day"), [("first", DAYS[0]), ("before", DAYS[1])])
def test_movements_of_everyone(company: Workspace, hand: ByHand, run: str, day: str) -> None:
    by_hand = {(old, new): (customers, revenue) for old, new, customers, revenue in hand.ask(crossing(run))}
    assert {(f.before, f.after): (f.customers, f.revenue) for f in company.moves(day).moves.flows} == by_hand


def test_movements_of_the_overview(overview: Overview, hand: ByHand) -> None:
    assert overview.moves
    by_hand = {(old, new): (customers, revenue) for old, new, customers, revenue in hand.ask(crossing("before"))}
    assert {(f.before, f.after): (f.customers, f.revenue) for f in overview.moves.flows} == by_hand


@pytest.mark.parametrize("key", SEGMENTS)
def test_a_segments_movements(portraits: Mapping[str, SegmentPortrait], hand: ByHand, key: str) -> None:
    leaves, moved = set(hand.tree[key]), portraits[key].movements
    flows = [flow for flow in hand.ask(crossing("before")) if (flow[0] in leaves) != (flow[1] in leaves)]
    assert moved
    assert {(f.before, f.after, f.customers, f.revenue) for f in (*moved.came, *moved.left)} == set(flows)
    assert (moved.segment.came, moved.segment.entered) == sums_of([f for f in flows if f[1] in leaves], 0)
    assert (moved.segment.left, moved.segment.exited) == sums_of([f for f in flows if f[0] in leaves], 1)
    sizes = [hand.ask(f"SELECT count(*) FROM {run} WHERE {hand.inside(key)}")[0][0] for run in ("before", "now")]
    assert [moved.segment.before, moved.segment.after] == sizes


def sums_of(flows: list[tuple[Any, ...]], side: int) -> tuple[int, int]:
    """Customers from or to other segments, and from or to outside."""
    outside = sum(flow[2] for flow in flows if flow[side] is None)
    return sum(flow[2] for flow in flows) - outside, outside


@pytest.mark.parametrize("key", SEGMENTS)
def test_a_segments_parts_and_path(portraits: Mapping[str, SegmentPortrait], hand: ByHand, key: str) -> None:
    found = portraits[key]
    for part in (*found.parts, *found.path):
        [(customers, revenue)] = hand.ask(
            f"SELECT count(*), coalesce(sum(monetary_value), 0)::bigint FROM now WHERE {hand.inside(part.key)}"
        )
        assert (part.customers, part.revenue) == (customers, revenue)
    assert [part.key for part in found.parts] == list(hand.parents.get(key, ()))


@pytest.mark.parametrize("key", SEGMENTS)
def test_a_segments_months(portraits: Mapping[str, SegmentPortrait], hand: ByHand, key: str) -> None:
    who, earned = hand.inside(key), portraits[key].earnings
    sums = "count(*) FILTER (NOT o.is_return), sum(o.amount)::bigint"
    rows = hand.ask(f"SELECT date_trunc('month', o.day)::date, {sums} {SOLD} AND {who} GROUP BY 1")
    by_hand = {month: (orders, revenue) for month, orders, revenue in rows}
    assert earned
    months = [each.month for each in earned.months]
    assert (months[0], months[-1], len(months)) == (date(2023, 7, 1), date(2025, 6, 1), 24)
    for month in earned.months:
        assert (month.orders, month.revenue) == by_hand.get(month.month, (0, 0))
    assert earned.earlier == sum(revenue for month, (_, revenue) in by_hand.items() if month < months[0])
    assert (earned.undated, [each.whole for each in earned.months[-2:]]) == (0, [True, False])


@pytest.mark.parametrize("key", SEGMENTS)
def test_when_a_segment_buys(portraits: Mapping[str, SegmentPortrait], hand: ByHand, key: str) -> None:
    needs = portraits[key].needs
    for part, bars in (("isodow", needs.weekdays), ("month", needs.months)):
        ordered = f"SELECT {part}(o.day), count(*) {SOLD} AND NOT o.is_return AND "
        own: dict[int, int] = dict(hand.ask(f"{ordered} {hand.inside(key)} GROUP BY 1"))
        all_: dict[int, int] = dict(hand.ask(f"{ordered} segment IS NOT NULL GROUP BY 1"))
        assert {bar.number: bar.orders for bar in bars if bar.orders} == own
        for bar in bars:
            assert bar.share == pytest.approx(bar.orders / sum(own.values()))
            assert bar.reference == pytest.approx(all_.get(bar.number, 0) / sum(all_.values()))


@pytest.mark.parametrize("key", SEGMENTS)
@pytest.mark.parametrize("what", ["categories", "products"])
def test_what_a_segment_buys(portraits: Mapping[str, SegmentPortrait], hand: ByHand, key: str, what: str) -> None:
    needs, attribute = portraits[key].needs, {"categories": "categories", "products": "products_owned"}[what]
    column = {"categories": "category", "products": "product_id"}[what]
    who = hand.inside(key)
    owned = f"SELECT k, count(*) FROM (SELECT unnest({attribute}) AS k FROM now WHERE {{}}) GROUP BY 1"
    customers: dict[str, int] = dict(hand.ask(owned.format(who)))
    others: dict[str, int] = dict(hand.ask(owned.format("segment IS NOT NULL")))
    money: dict[str, int] = dict(
        hand.ask(f"SELECT l.{column}, sum(l.amount)::bigint {LINES} AND l.{column} IS NOT NULL AND {who} GROUP BY 1")
    )
    (sizes,) = hand.ask(f"SELECT count(*) FILTER ({who}), count(segment) FROM now")
    by_customers, by_money = getattr(needs, what), getattr(needs, f"{what}_by_money")
    assert [each.key for each in by_customers] == most_of(customers)
    assert [each.key for each in by_money] == most_of(money)
    names: dict[str, str] = dict(hand.ask("SELECT product_id, name FROM products"))
    for each in (*by_customers, *by_money):
        told_right(each, customers, money)
        assert (each.share, each.reference) == pytest.approx(
            (customers.get(each.key, 0) / sizes[0], others[each.key] / sizes[1])
        )
        assert each.label == names.get(each.key, each.key)


def most_of(counts: Mapping[str, int]) -> list[str]:
    """The keys of the largest, then by the alphabet."""
    return sorted((key for key in counts if counts[key]), key=lambda key: (-counts[key], key))[:MOST]


def told_right(each: Bought, customers: Mapping[str, int], money: Mapping[str, int]) -> None:
    assert (each.customers, each.revenue) == (customers.get(each.key, 0), money.get(each.key, 0))
    assert each.money_share == pytest.approx(each.revenue / sum(money.values()) if each.revenue else 0)


def test_middles(company: Workspace, hand: ByHand) -> None:
    """What sentences say of the middle customer."""
    medians = company._pages.standing.figures.medians
    for attribute in MEDIANS:
        for segment in (None, *SEGMENTS):
            known = f"isfinite({attribute}::double)" + (" AND frequency > 0" if attribute == "frequency" else "")
            values = hand.ask(f"SELECT {attribute} FROM now WHERE {known} AND {hand.inside(segment)}")
            found = medians[attribute].get(segment)
            assert found == (pytest.approx(median(value for (value,) in values)) if values else None)


@pytest.fixture(scope="module")
def counted(company: Workspace, hand: ByHand) -> Mapping[str, Mapping[str | None, Mapping[str, int]]]:
    """By attribute, then by segment: customers in each bar that the catalogue shows, and the unknown."""
    pages = {page.attribute.key: page for group in company.attribute_pages() for page in group.available}
    return {key: hand.by_segment(by_bar(key, page.distribution)) for key, page in pages.items() if page.distribution}


def by_bar(key: str, found: Distribution) -> str:
    """Customers by leaf and bar as SQL, from the bounds and words that are told; a set's element is a bar."""
    if found.shape is Shape.SETS:
        elements = f"SELECT segment, unnest({key})::varchar, customer_no FROM now WHERE len({key}) > 0"
        lacking = f"SELECT segment, 'unknown', customer_no FROM now WHERE {key} IS NULL OR len({key}) = 0"
        return f"SELECT segment, k, count(*) FROM ({elements} UNION ALL {lacking}) t(segment, k, n) GROUP BY 1, 2"
    unknown = f"{key} IS NULL OR NOT isfinite({key}::double)" if is_float(found) else f"{key} IS NULL"
    cases = " ".join(f"WHEN {condition(key, bar, found)} THEN '{bar.key}'" for bar in found.bins)
    return (
        f"SELECT segment, CASE WHEN {unknown} THEN 'unknown' {cases} ELSE 'none' END, count(*) FROM now GROUP BY 1, 2"
    )


def is_float(found: Distribution) -> bool:
    return found.attribute.type in {ValueType.NUMBER, ValueType.SHARE}


def condition(key: str, bar: Bin, found: Distribution) -> str:
    """Whether a value is in a bar."""
    if found.shape is Shape.ORDERED:
        low, high = (f"DATE '{each}'" if isinstance(each, date) else each for each in (bar.low, bar.high))
        value = f"{key}::date" if found.attribute.type is ValueType.INSTANT else key
        sides = ([f"{value} >= {low!s}"] if low is not None else []) + (
            [f"{value} < {high!s}"] if high is not None else []
        )
        return " AND ".join(sides) or "true"
    if bar.value is None:
        named = ", ".join(quoted(each.value) for each in found.bins if each.value is not None)
        return f"{key}::varchar NOT IN ({named})"
    return f"{key}::varchar = {quoted(bar.value)}"


def quoted(word: str | bool | None) -> str:
    return (
        "'" + str(word).lower().replace("'", "''") + "'"
        if isinstance(word, bool)
        else "'" + str(word).replace("'", "''") + "'"
    )


def agrees(found: Distribution, own: Mapping[str, int], other: Mapping[str, int] | None, size: int) -> None:
    """A distribution's counts and shares are those of queries by hand."""
    sets = found.shape is Shape.SETS
    known = size - own.get("unknown", 0)
    assert (found.customers, found.known) == (size, known), found.attribute.key
    for bar in found.bins:
        key = str(bar.value) if sets else bar.key
        assert bar.customers == own.get(key, 0), (found.attribute.key, bar)
        assert bar.share == pytest.approx(bar.customers / known if known else 0)
        if other is not None and found.reference_known:
            assert bar.reference == pytest.approx(other.get(key, 0) / found.reference_known)
    if not sets:
        assert sum(bar.customers for bar in found.bins) == known
    elif len(found.bins) < MOST_SHOWN:
        assert {str(bar.value) for bar in found.bins} >= own.keys() - {"unknown"}


def test_attributes(company: Workspace, hand: ByHand, counted: Mapping[str, Any]) -> None:
    [(size, inside)] = hand.ask("SELECT count(*), count(segment) FROM now")
    pages = [page for group in company.attribute_pages() for page in group.available]
    assert {page.attribute.key for page in pages} == company.current.catalogue.available.keys()
    for page in pages:
        key = page.attribute.key
        finite = f"isfinite({key}::double)" if page.distribution and is_float(page.distribution) else "true"
        held = f"len({key}) > 0" if page.attribute.type is ValueType.SET else f"{key} IS NOT NULL AND {finite}"
        [(known,)] = hand.ask(f"SELECT count(*) FILTER ({held}) FROM now")
        assert (page.known, page.customers) == (known, size), key
        assert page.coverage == pytest.approx(known / size)
        if page.distribution:
            agrees(page.distribution, counted[key][None], None, inside)


@pytest.mark.parametrize("key", SEGMENTS)
def test_what_sets_a_segment_apart(
    portraits: Mapping[str, SegmentPortrait], hand: ByHand, counted: Mapping[str, Any], key: str
) -> None:
    found = portraits[key]
    [(size,)] = hand.ask(f"SELECT count(*) FROM now WHERE {hand.inside(key)}")
    for each in (*(apart.distribution for apart in found.apart), *found.needs.distributions):
        attribute = each.attribute.key
        agrees(each, counted[attribute][key], counted[attribute][None], size)
        assert each.known >= FEWEST or each in found.needs.distributions


def test_a_segment_beside_another(company: Workspace, hand: ByHand, counted: Mapping[str, Any]) -> None:
    for key, other in pairwise(("businesses", "regulars", "lapsed-others", "newcomers")):
        [(size, beside)] = hand.ask(
            f"SELECT count(*) FILTER ({hand.inside(key)}), count(*) FILTER ({hand.inside(other)}) FROM now"
        )
        for each in company.segment(key, versus=other, now=NOW).apart:
            own, others = (counted[each.attribute.key][segment] for segment in (key, other))
            assert each.distribution.reference_customers == beside
            agrees(each.distribution, own, others, size)


@pytest.mark.parametrize("segment", [None, "outside", "regulars", "lapsed-others", "key-accounts", "let-down"])
def test_lists_of_customers(company: Workspace, hand: ByHand, segment: str | None) -> None:
    which = {None: "true", "outside": "p.segment IS NULL"}.get(segment) or f"p.{hand.inside(segment)}"
    by_hand = hand.ask(
        f"""SELECT p.customer_id, c.name, p.segment, p.monetary_value,
                   (SELECT max(o.day) FROM orders o WHERE o.customer_no = p.customer_no AND NOT o.is_return
                     AND o.ordered_at < {KNOWN_UNTIL})
            FROM now p LEFT JOIN customers c USING (customer_no) WHERE {which}
            ORDER BY p.monetary_value DESC NULLS LAST, p.customer_id"""
    )
    page = company.customers_page(segment, limit=1000)
    rows, total = list(page.rows), page.total
    while page.after:
        page = company.customers_page(segment, limit=1000, after=page.after)
        rows += page.rows
    assert total == len(by_hand)
    assert [(row.id, row.name, row.segment, row.money, row.last_purchase) for row in rows] == by_hand


@pytest.mark.parametrize("key", SEGMENTS)
def test_a_customers_card(company: Workspace, hand: ByHand, key: str) -> None:
    """Of the richest and the poorest of each segment."""
    ranked = f"FROM now WHERE {hand.inside(key)} ORDER BY monetary_value DESC, customer_id"
    ids = [row[0] for row in hand.ask(f"SELECT customer_id {ranked}")]
    for customer in {ids[0], ids[-1]}:
        card, about = company.profile(customer), f"customer_id = '{customer}'"
        stored = hand.connection.execute(f"SELECT * FROM now WHERE {about}").to_arrow_table().to_pylist()[0]
        for value in (value for family in card.families for value in family.values):
            expected = stored[value.attribute.key]
            assert value.value == (tuple(expected) if isinstance(expected, list) else expected)
        assert (card.segment, card.money) == (stored["segment"], stored["monetary_value"])
        assert [
            (
                *(card.name, card.email, card.phone, card.language),
                *(card.consent.phone, card.consent.email, card.consent.message),
            )
        ] == hand.ask(
            f"""SELECT name, email, phone, language, consent_phone, consent_email, consent_message
                FROM customers WHERE {about}"""
        )
        [(contacts,)] = hand.ask(f"SELECT count(*) FROM contacts WHERE {about}")
        assert len(card.contacts) == contacts
        [(orders, money, latest)] = hand.ask(
            f"""SELECT count(*), coalesce(sum(amount), 0)::bigint, max(day) FILTER (NOT is_return)
                FROM orders WHERE {about} AND ordered_at < {KNOWN_UNTIL}"""
        )
        assert card.timeline
        counts = card.timeline.counts
        assert counts.get(EventKind.ORDER, 0) + counts.get(EventKind.RETURN, 0) == orders
        assert (card.money or 0, card.last_purchase) == (money, latest)
        for kind, table, when in (
            (EventKind.INTERACTION, "interactions", "happened_at"),
            (EventKind.FEEDBACK, "feedback", "given_at"),
        ):
            [(count,)] = hand.ask(f"SELECT count(*) FROM {table} WHERE {about} AND {when} < {KNOWN_UNTIL}")
            assert counts.get(kind, 0) == count


def test_the_latest_day_of_each_table(company: Workspace, hand: ByHand) -> None:
    freshest = company._pages.standing.figures.freshest
    for table, when in (("orders", "ordered_at"), ("interactions", "happened_at"), ("feedback", "given_at")):
        [(day,)] = hand.ask(f"SELECT max(day) FROM {table} WHERE {when} < {KNOWN_UNTIL}")
        assert freshest[table] == day
