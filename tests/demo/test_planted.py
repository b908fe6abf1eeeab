"""What is planted can be measured from the exports alone, by plain SQL."""

from typing import Any

import duckdb
import pytest

from carpel.demo import Company


def answer(facts: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    row = facts.execute(sql).fetchone()
    assert row is not None
    return row


def test_every_category_returns_in_its_cycle(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        facts.execute("""
        with days as (select distinct person, category, day from sold where quantity > 0 and person is not null),
        gaps as (select category, day - lag(day) over (partition by person, category order by day) as gap from days)
        select category, median(gap) from gaps where gap is not null group by category
        """).fetchall()
    )
    for category, cycle in company.planted.cycles.items():
        assert found[category] == pytest.approx(cycle, abs=max(2.0, 0.15 * cycle)), category


def test_customers_whose_complaint_nobody_answers_stop_buying(
    company: Company, facts: duckdb.DuckDBPyConnection
) -> None:
    silent, heard = (
        answer(
            facts,
            f"""
        with complaints as (
          select p.customer_id as person, happened_at from interactions i join persons p on p.id = i.customer
          where kind = 'complaint' and outcome = '{outcome}' and happened_at < '2025-01-01')
        select avg(case when exists (
          from orders o where o.person = c.person and contract is null
            and ordered_at between happened_at + interval 30 day and happened_at + interval 180 day)
          then 0.0 else 1.0 end) from complaints c
        """,
        )[0]
        for outcome in ("open", "resolved")
    )
    assert silent > 2.0 * heard
    assert silent == pytest.approx(company.planted.leaves_after_unanswered, abs=0.2)


def test_a_complaint_is_answered_when_the_crm_says_so(facts: duckdb.DuckDBPyConnection) -> None:
    wrong = answer(
        facts,
        """
        select count(*) from interactions c
        where kind = 'complaint' and outcome = 'open' and customer in (select id from persons) and exists (
          from interactions f where f.customer = c.customer and f.outcome = 'resolved' and f.kind = 'follow_up')
        """,
    )[0]
    assert wrong == 0


def test_who_buys_the_first_of_a_pair_adds_the_second(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    for pair in company.planted.cross_sells:
        after, usual = answer(
            facts,
            f"""
            with visits as (
              select person, order_no, ordered_at, bool_or(sku = '{pair.first}') as has_first,
                bool_or(sku = '{pair.then}') as has_then
              from sold where quantity > 0 and person is not null and contract is null group by all),
            pairs as (select has_first, has_then or coalesce(lead(has_then) over w, false) as added from visits
              window w as (partition by person order by ordered_at))
            select avg(added::int) filter (where has_first), avg(added::int) filter (where not has_first) from pairs
            """,
        )
        assert after > 3 * usual
        # The first's regular buyers may also add the second after their order before.
        assert 0.9 * company.planted.cross_sell_share < after < 1.6 * company.planted.cross_sell_share


def test_few_customers_bring_most_of_the_money(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    top, fifth = answer(
        facts,
        """
        with each as (
          select person, sum(pesos) as worth from sold where person is not null group by 1 having worth > 0),
        ranked as (select worth, percent_rank() over (order by worth desc) as place from each)
        select sum(worth) filter (where place < 0.01) / sum(worth), sum(worth) filter (where place < 0.2) / sum(worth)
        from ranked
        """,
    )
    assert (top, fifth) >= company.planted.pyramid
    assert fifth < 0.95


def test_each_kind_of_customer_answers_discounts_in_its_own_way(
    company: Company, facts: duckdb.DuckDBPyConnection
) -> None:
    found = dict(
        facts.execute("""
        with cyclic as (
          select t.party, l.person, l.category, quantity, l.discount / (l.quantity * l.unit_price) as rate
          from sold l join truth t on t.customer_id = l.person
          where quantity > 0 and contract is null and category in
            ('Coffee', 'Rice', 'Noodles', 'Cooking oil', 'Laundry', 'Tissue', 'Cleaning', 'Copy paper', 'Stationery')),
        each as (select party, person, avg(quantity) filter (where rate > 0.15) as cheap,
          avg(quantity) filter (where rate = 0) as usual, count(*) filter (where rate > 0.15) as weight
          from cyclic group by all)
        select party, ln(sum(weight * cheap / usual) / sum(weight)) / -ln(0.8) from each
        where cheap is not null and usual is not null group by party
        """).fetchall()
    )
    for party, elasticity in company.planted.elasticity.items():
        assert found[party] == pytest.approx(elasticity, abs=0.45), party
    assert found["consumer"] > found["reseller"] > found["business"] > found["government"]


def test_leads_answered_sooner_buy_more_often(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    rows = facts.execute("""
        with asked as (
          select t.customer_id, t.buys, min(happened_at) filter (where i.direction = 'in') as asked,
            min(happened_at) filter (where i.direction = 'out') as answered
          from truth t join interactions i on i.customer = t.customer_id
          join crm c on c.CustomerNo = t.customer_id and c.Source = 'inquiry' where happened_at < '2025-05-01'
          group by all)
        select case when answered - asked <= interval 4 hour then 0
          when answered - asked <= interval 24 hour then 1 else 2 end as wait, avg(buys::int) from asked
        where answered is not null group by wait order by wait
        """).fetchall()
    for (_, share), (_, chance) in zip(rows, company.planted.conversion, strict=True):
        assert share == pytest.approx(chance, abs=0.06)


def test_gifts_are_for_december_and_sacks_for_the_harvest(facts: duckdb.DuckDBPyConnection) -> None:
    gifts, sacks = (
        answer(
            facts,
            f"select count(*) filter (where month(day) in {months}) / count(*) from sold where category = '{category}'",
        )[0]
        for category, months in (("Gifts", (11, 12)), ("Harvest supplies", (3, 4, 9, 10)))
    )
    assert gifts > 0.5
    assert sacks > 0.6


def test_december_is_the_best_month(facts: duckdb.DuckDBPyConnection) -> None:
    best = answer(facts, "select month(day), sum(pesos) from sold group by 1 order by 2 desc limit 1")[0]
    assert best == 12


def test_offices_do_not_buy_on_sundays(facts: duckdb.DuckDBPyConnection) -> None:
    office, person = (
        answer(
            facts,
            f"select avg((isodow(o.ordered_at) >= 6)::int) from orders o join truth t on t.customer_id = o.person "
            f"where t.party {kind} 'consumer' and o.contract is null and o.returns_order is null",
        )[0]
        for kind in ("<>", "=")
    )
    assert office < 0.15
    assert person > 0.35


def test_usage_falls_before_a_contract_that_is_not_renewed(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    ended, renewed = (
        answer(
            facts,
            f"""
            select sum(times) filter (where used_at > Ends - 75) / 75
              / (sum(times) filter (where used_at between Ends - 300 and Ends - 100) / 200)
            from contracts c join usage u on u.customer = c.Customer and u.used_at between Starts and Ends
            where Status = '{status}'
            """,
        )[0]
        for status in ("ended", "renewed")
    )
    assert ended == pytest.approx(company.planted.usage_before_leaving, abs=0.1)
    assert renewed == pytest.approx(1.0, abs=0.1)


def test_bad_ratings_pay_late(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        facts.execute("""
        select c.CreditRating, median(try_strptime(p.Paid, '%d/%m/%Y')::date - i.due_on)
        from payments p join invoices i on i.invoice_no = p.InvoiceNo join crm c on c.CustomerNo = i.customer
        where i.issued_at < '2025-03-01' and try_strptime(p.Paid, '%d/%m/%Y') is not null group by 1
        """).fetchall()
    )
    for rating, days in company.planted.days_late.items():
        assert found[rating] == pytest.approx(days, abs=2.0)


def test_some_grow_and_some_shrink(company: Company, facts: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        facts.execute("""
        with each as (select person, trend, avg(quantity) filter (where day < '2023-07-01') as before,
            avg(quantity) filter (where day >= '2024-07-01') as after
          from sold join truth t on t.customer_id = person
          where quantity > 0 and contract is null and party <> 'consumer' group by all)
        select trend, median(after / before) from each where before is not null and after is not null group by trend
        """).fetchall()
    )
    assert found["growing"] > 1.5
    assert found["steady"] == pytest.approx(1.0, abs=0.15)
    assert found["shrinking"] < 0.65


def test_satisfaction_follows_service(facts: duckdb.DuckDBPyConnection) -> None:
    hurt, usual = answer(
        facts,
        """
        with hurt as (select customer from interactions where kind = 'complaint' and outcome = 'open')
        select avg(Score::int) filter (where Customer in (from hurt)), avg(Score::int)
        from feedback where Question = 'csat' and try_cast(Score as int) is not null
        """,
    )
    assert hurt < usual - 0.8


def test_words_match_scores(facts: duckdb.DuckDBPyConnection) -> None:
    praise, blame = (
        answer(facts, f"select avg(try_cast(Score as int)) from feedback where Question = 'stars' and {words}")[0]
        for words in ("Words like '%fresh and well packed%'", "Words like '%never again%' or Words like '%等了两周%'")
    )
    assert praise > 4.0
    assert blame < 3.0
