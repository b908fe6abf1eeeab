"""Customers are found by what people type, each on exactly one page, and told as the tables tell them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import LANGUAGES
from carpel.runs.views.customers import CustomersPage, Event, EventKind
from carpel.runs.views.errors import NotThere
from carpel.runs.views.searching import Matched
from carpel.workspace import Workspace
from tests.runs.views.conftest import END, FIRST, Ask


def everyone(
    company: Workspace, *, limit: int = 37, segment: str | None = None, search: str | None = None
) -> list[str]:
    """The ids of all pages."""
    ids, page = list[str](), company.customers_page(segment, search=search, limit=limit)
    while True:
        ids += [row.id for row in page.rows]
        if page.after is None:
            assert len(ids) == page.total
            return ids
        page = company.customers_page(segment, search=search, limit=limit, after=page.after)


def test_pages_visit_every_customer_once_the_most_money_first(company: Workspace, ask: Ask) -> None:
    by_hand = ask("SELECT customer_id FROM placed ORDER BY monetary_value DESC NULLS LAST, customer_no")
    assert everyone(company) == [row[0] for row in by_hand]


@pytest.mark.parametrize("segment", ["lapsed", "leads-people"])
def test_a_segment_has_its_customers_and_nobody_else(company: Workspace, ask: Ask, segment: str) -> None:
    leaves = [key for key, path in company.current.scheme.paths.items() if segment in path]
    by_hand = ask(
        f"SELECT customer_id FROM placed WHERE list_contains({leaves}, segment) ORDER BY monetary_value DESC, 1"
    )
    assert everyone(company, segment=segment) == [row[0] for row in by_hand]
    assert company.customers_page("outside").total == ask("SELECT count(*) FROM placed WHERE segment IS NULL")[0][0]


def test_a_page_says_what_the_tables_say(company: Workspace, ask: Ask) -> None:
    rows = {
        row[0]: row[1:]
        for row in ask("SELECT customer_id, name, segment, monetary_value, last_purchase_on FROM placed")
    }
    for row in company.customers_page(limit=1000).rows:
        assert (row.name, row.segment, row.money, row.last_purchase) == rows[row.id]


def test_a_page_begins_where_the_last_ended_though_that_customer_is_gone(company: Workspace) -> None:
    first = company.customers_page(limit=3)
    gone = f"{first.rows[-1].money}:{first.rows[-1].id}0"
    assert company.customers_page(limit=3, after=gone).rows == company.customers_page(limit=3, after=first.after).rows


@pytest.mark.parametrize("after", ["nonsense", "x:y", "²:1", "--5:1", f"{'9' * 5000}:1", "", ":"])
def test_a_page_that_is_none_is_refused_or_the_first(company: Workspace, after: str) -> None:
    if after in {"", ":"}:
        assert company.customers_page(after=after).total
    else:
        with pytest.raises(NotThere):
            company.customers_page(after=after)


def folded(name: str) -> str:
    """Without case and accents, by hand."""
    apart = unicodedata.normalize("NFKD", name).lower()
    return "".join(letter for letter in apart if unicodedata.category(letter) != "Mn")


def test_names_are_found_by_the_beginning_of_any_word_without_case_and_accents(company: Workspace, ask: Ask) -> None:
    names = ask("SELECT customer_id, name FROM customers UNION ALL SELECT customer_id, name FROM contacts")
    for typed in ("SANTOS", "muñ", "MUN", "san", "cruz"):
        words = [
            (customer, "".join(letter if letter.isalnum() else " " for letter in folded(name)).split())
            for customer, name in names
            if name
        ]
        by_hand = {customer for customer, parts in words if any(part.startswith(folded(typed)) for part in parts)}
        assert set(everyone(company, search=typed)) >= by_hand
        assert by_hand or typed == "cruz"


def test_all_words_must_be_found(company: Workspace, ask: Ask) -> None:
    [(name,)] = ask("SELECT name FROM customers WHERE name LIKE '% %' AND kind = 'consumer' ORDER BY 1 LIMIT 1")
    both, first = set(everyone(company, search=name)), set(everyone(company, search=name.split()[0]))
    [(customer,)] = ask(f"SELECT min(customer_id) FROM customers WHERE name = '{name}'")
    assert customer in both
    assert both <= first


def test_chinese_names_are_found_by_any_part(company: Workspace, ask: Ask) -> None:
    rows = ask("SELECT customer_id, name FROM customers WHERE regexp_matches(name, '^[\\x{4e00}-\\x{9fff}]{3}$')")
    assert rows
    for customer, name in rows[:5]:
        for part in (name, name[:2], name[1:], name[2]):
            assert customer in everyone(company, search=part)


def test_addresses_phones_and_ids_are_found_by_their_beginning(company: Workspace, ask: Ask) -> None:
    rows = ask(
        "SELECT customer_id, email, phone FROM customers WHERE email IS NOT NULL AND phone LIKE '+63 9%' LIMIT 5"
    )
    assert rows
    for customer, email, phone in rows:
        digits = "".join(filter(str.isdigit, phone))
        typed = (email, email.upper(), email[:-4], phone, digits, "0" + digits[2:], digits[2:9], customer, customer[:5])
        for each in typed:
            assert customer in everyone(company, search=each), each


def test_nobody_is_found_by_what_nobody_has(company: Workspace) -> None:
    assert everyone(company, search="qqqqqq") == []
    assert company.customers_page(search="  ").total == len(everyone(company))


def test_the_customers_behind_a_bar_are_as_many_as_it_says(company: Workspace) -> None:
    for key in ("recency_days", "monetary_value", "kind", "categories", "consent_email", "next_purchase_on", "city"):
        found = company.attribute(key).distribution
        assert found
        for bar in found.bins:
            page = company.customers_page(where={key: bar.key}, limit=1000)
            inside = [row for row in page.rows if row.segment is not None]
            assert len(inside) == bar.customers
        unknown = company.customers_page(where={key: "unknown"}, limit=1000)
        assert len([row for row in unknown.rows if row.segment]) == found.customers - found.known


def test_bars_and_segments_hold_together(company: Workspace, ask: Ask) -> None:
    bars = company.attribute("kind").distribution
    assert bars
    consumer = next(bar.key for bar in bars.bins if bar.value == "consumer")
    page = company.customers_page("lapsed", where={"kind": consumer, "recency_days": "unknown"})
    assert page.total == 0
    page = company.customers_page("lapsed", where={"kind": consumer})
    [(count,)] = ask("SELECT count(*) FROM placed WHERE segment LIKE 'lapsed%' AND kind = 'consumer'")
    assert page.total == count


def test_those_behind_an_arrow_are_as_many_as_moved(company: Workspace) -> None:
    moves = company.overview().moves
    assert moves
    for flow in moves.moved:
        if flow.after is not None:
            page = company.customers_page(flow.after, came_from=flow.before or "outside")
            assert page.total == flow.customers


@pytest.mark.parametrize("day", [FIRST, date(2025, 3, 1), date(2025, 6, 1)])
def test_those_behind_an_arrow_since_any_day_are_as_many_as_moved(company: Workspace, day: date) -> None:
    """Of a day of a run, and of days on which there was none."""
    moved = company.moves(from_=day).moves.moved
    assert moved
    for flow in moved:
        page = company.customers_page(flow.after or "outside", came_from=flow.before or "outside", since=day)
        assert page.total == flow.customers


def test_since_the_run_before_is_as_without_a_day(company: Workspace) -> None:
    for flow in company.moves().moves.moved:
        after, before = flow.after or "outside", flow.before or "outside"
        told = company.customers_page(after, came_from=before, since=FIRST)
        assert told.rows == company.customers_page(after, came_from=before).rows


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("nobody", {}),
        ("\ud800", {}),
        (None, {"kind": "9" * 5000}),
        (None, {"nothing": "0"}),
        (None, {"kind": "99"}),
        (None, {"kind": "x"}),
        (None, {"email": "0"}),
    ],
)
def test_what_is_not_there_is_told(company: Workspace, asked: str | None, where: dict[str, str]) -> None:
    with pytest.raises(NotThere):
        company.customers_page(asked, where=where)


def test_a_card_says_what_the_profile_says(company: Workspace, ask: Ask) -> None:
    for row in _some(company).rows:
        card = company.profile(row.id)
        [(name, email, frequency)] = ask(f"SELECT name, email, frequency FROM placed WHERE customer_id = '{row.id}'")
        values = {each.attribute.key: each for family in card.families for each in family.values}
        assert (card.name, card.email, values["frequency"].value) == (name, email, frequency)
        assert values.keys() == company.current.catalogue.available.keys()
        assert card.path[-1:] == ((card.segment,) if card.segment else ())
        for each in values.values():
            assert each.shown is None or all(each.shown.render(language) for language in LANGUAGES)


def test_a_timeline_tells_everything_once_newest_first(company: Workspace, ask: Ask) -> None:
    for row in _some(company).rows:
        found, page = list[Event](), company.timeline(row.id, limit=7)
        while page.after:
            found += page.events
            page = company.timeline(row.id, limit=7, after=page.after)
        found += page.events
        assert len(found) == page.total == sum(page.counts.values())
        assert [event.at for event in found] == sorted((event.at for event in found), reverse=True)
        assert all(event.day <= END for event in found)
        orders = ask(
            f"SELECT order_id FROM orders WHERE customer_id = '{row.id}' AND ordered_at < TIMESTAMP '2025-06-29 16:00'"
        )
        bought = [event.key for event in found if event.kind in {EventKind.ORDER, EventKind.RETURN}]
        assert sorted(map(str, bought)) == sorted(order for (order,) in orders)
        for event in found:
            assert all("{" not in event.text.render(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    "typed", ["\ud800", "\x00", "'", "\U0010ffff", "9" * 40, "-" * 30, "(((", "a\u0301" * 50, "客户"]
)
def test_whatever_is_typed_there_is_an_answer(company: Workspace, typed: str) -> None:
    assert company.customers_page(search=typed).total >= 0


@pytest.mark.parametrize("after", ["x", "2025-01-01|order|1|k", "2025-01-01T00:00:00+00:00|dance|1|k", "0001-01-01|||"])
def test_a_page_of_a_timeline_that_is_none_is_refused(company: Workspace, after: str) -> None:
    with pytest.raises(NotThere):
        company.timeline(company.customers_page(limit=1).rows[0].id, after=after)


def test_an_unknown_customer_is_told_with_those_near(company: Workspace) -> None:
    with pytest.raises(CarpelError):
        company.profile("nobody")


def _some(company: Workspace) -> CustomersPage:
    return company.customers_page(limit=12)


def test_a_card_without_events_is_the_same_card(company: Workspace) -> None:
    customer = company.customers_page(limit=1).rows[0].id
    whole, without = company.profile(customer), company.profile(customer, events=0)
    assert whole.timeline
    assert (whole.timeline.events, without.timeline) == (company.timeline(customer, limit=20).events, None)
    assert replace(whole, timeline=None) == without


def test_whoever_is_found_by_a_contact_says_so(company: Workspace, ask: Ask) -> None:
    contacts = ask("SELECT customer_id, name FROM contacts WHERE name IS NOT NULL ORDER BY ALL LIMIT 5")
    assert contacts
    for customer, name in contacts:
        found = {row.id: row.matched for row in company.customers_page(search=name, limit=1000).rows}
        assert Matched.CONTACT in found[customer]
