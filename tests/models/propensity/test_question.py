"""Questions are asked of the past, and nothing of the future answers them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Text
from carpel.models import Ground
from carpel.models.frames import Asked, Frame, bought, features_of, learnable, past_of, purchased, whether, windows
from carpel.models.frames.moments import happened_to, known_as_of
from carpel.models.propensity import PURCHASE, Answer, Rung, learn_question
from carpel.profiles import catalogue
from tests.profiles.staged import staged

ZONE = "Asia/Manila"
AS_OF = AsOf.parse("2025-07-01", ZONE)
CUSTOMERS = 300


def company(folder: Path, until: date = date(2025, 12, 31)):
    """Regular customers and customers who drift away, who are told apart by how they have bought so far."""
    random = np.random.default_rng(3)
    orders: list[dict[str, Any]] = []
    for number in range(CUSTOMERS):
        day = date(2023, 1, 1) + timedelta(days=int(random.integers(0, 500)))
        gap, stays = (20, 0.99) if number % 2 else (90, 0.6)
        while day < date(2026, 1, 1):
            at = {"ordered_at": f"{day}T10:00", "amount": float(random.integers(10, 99))}
            orders.append({"order_id": str(len(orders)), "customer_id": f"C{number:03}", **at})
            if random.random() > stays:
                break
            day += timedelta(days=1 + int(random.exponential(gap)))
    known = [row for row in orders if datetime.fromisoformat(row["ordered_at"]).date() <= until]
    lines = [
        {
            "order_id": row["order_id"],
            "product_id": f"P{int(row['order_id']) % 3}",
            "amount": row["amount"],
            "quantity": 1,
            "line_id": row["order_id"],
        }
        for row in known
    ]
    customers = [{"customer_id": f"C{number:03}", "income": number} for number in range(CUSTOMERS)]
    return staged(folder, orders=known, order_lines=lines, customers=customers, bucket_size=100), known


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return company(tmp_path_factory.mktemp("whole"))


def in_window(rows, start: date, end: date) -> set[str]:
    days = {(row["customer_id"], datetime.fromisoformat(row["ordered_at"]).date()) for row in rows}
    return {customer for customer, day in days if start <= day < end}


def test_windows_follow_each_other_and_end_before_the_moment(whole):
    facts, _ = whole
    facts = _dated(facts)
    during = windows(facts, AS_OF, 90)
    assert not isinstance(during, Text)
    ends = [during.end(start) for start in during.starts]
    assert ends == [*during.starts[1:], AS_OF]
    short = windows(facts, AsOf.parse("2023-04-11", ZONE), 90)
    assert not isinstance(short, Text)
    assert (short.horizon, short.shortened) == (25, 90)
    assert isinstance(windows(facts, AsOf.parse("2023-02-01", ZONE), 90), Text)


def test_what_happened_is_what_the_rows_say(whole, engine):
    facts, rows = whole
    start, end = AsOf.parse("2025-01-01", ZONE), AsOf.parse("2025-04-01", ZONE)
    found = happened_to(facts, purchased, start, end, engine, buckets=(0, 1, 2))
    assert {f"C{each:03}" for each in found} == in_window(rows, start.day, end.day)
    of_one = [row for row in rows if int(row["order_id"]) % 3 == 1]
    found = happened_to(facts, bought("product_id", "P1"), start, end, engine, buckets=(0, 1, 2))
    assert {f"C{each:03}" for each in found} == in_window(of_one, start.day, end.day)


def test_what_is_known_only_as_of_today_is_no_feature(whole):
    facts, _ = whole
    keys = {each.key for each in learnable(catalogue(facts), AS_OF)}
    assert {"recency_days", "frequency", "gap_median_days"} <= keys
    assert not keys & {"income", "customer_id", "first_purchase_on", "email"}


def test_only_those_of_whom_it_can_be_asked(whole, engine):
    facts, rows = whole
    facts = _dated(facts)
    during = windows(facts, AS_OF, 90)
    assert not isinstance(during, Text)
    asked = (Asked(key="frequency", least=1),)
    past = past_of(on(facts, engine), during=during, asked=asked, outcome=whether(purchased))
    for start, part in zip(during.starts, past.parts, strict=True):
        before = in_window(rows, date.min, start.day)
        after = in_window(rows, start.day, during.end(start).day)
        assert len(part) == len(before)
        assert past.outcome[part].sum() == len(before & after)


def test_the_future_changes_nothing(whole, tmp_path, engine):
    facts, _ = whole
    past, _ = company(tmp_path, until=date(2025, 6, 30))
    answers = [learn_question(PURCHASE, on(_dated(each), engine)) for each in (facts, past)]
    with_future, without = answers
    assert isinstance(with_future, Answer)
    assert isinstance(without, Answer)
    assert with_future.model.to_json() == without.model.to_json()


def test_it_is_found_who_buys_again(whole, engine):
    facts, _ = whole
    answer = learn_question(PURCHASE, on(_dated(facts), engine))
    assert isinstance(answer, Answer)
    model = answer.model
    assert model.rung is Rung.MODEL
    chosen = next(each for each in model.candidates if each.learner == model.learner)
    assert (chosen.judged.auc or 0) > 0.85
    now = known_as_of(
        facts, catalogue(facts), AS_OF, engine, keys=[each.key for each in model.features], buckets=(0, 1, 2)
    )
    told = model.probability(Frame.of(now, model.features))
    # Those with odd numbers were made to come every three weeks, the others to drift away.
    assert told[1::2].mean() > told[::2].mean() + 0.3
    assert features_of(now.drop_columns("customer_no"))


def test_what_is_missing_is_said(whole, engine):
    facts, _ = whole
    facts = _dated(facts)
    found = catalogue(facts, keep=("recency_days",))
    told = learn_question(PURCHASE, replace(on(facts, engine), catalogue=found))
    assert isinstance(told, Text)
    assert "frequency" in told.render()
    told = learn_question(PURCHASE, replace(on(facts, engine), as_of=AsOf.parse("2023-02-01", ZONE)))
    assert isinstance(told, Text)
    assert "56 days" in told.render()


def on(facts, engine):
    return Ground(facts=facts, catalogue=catalogue(facts), as_of=AS_OF, engine=engine)


def test_whom_the_company_did_not_know_yet_nothing_is_learned(tmp_path, engine):
    """A lead of last month is no example of somebody who did not buy the year before."""
    day = {"old": "2023-01-01T08:00", "new": "2025-06-01T08:00"}
    customers = [{"customer_id": f"{each}{number}", "acquired_at": day[each]} for each in day for number in range(9)]
    orders = [{"order_id": "1", "customer_id": "old0", "ordered_at": "2023-01-01T10:00", "amount": 5.0}]
    facts = _dated(staged(tmp_path, customers=customers, orders=orders))
    during = windows(facts, AS_OF, 90)
    assert not isinstance(during, Text)
    leads = (Asked(key="frequency", most=0),)
    past = past_of(on(facts, engine), during=during, asked=leads, outcome=whether(purchased))
    assert [len(part) for part in past.parts] == [8, 8, 8]


def _dated(facts):
    """Staged by hand, they do not say when they begin."""
    return replace(facts, first_event=date(2023, 1, 1))
