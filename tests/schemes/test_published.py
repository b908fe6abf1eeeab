"""Published numbers: METHODS rows 17, 18 and 19, to the customer and to the cent."""

from datetime import date
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from carpel.kernel.engine import Engine
from carpel.profiles import Profiles
from carpel.schemes import assign, fit_cuts, read_scheme, summarise, template, ties, totals
from tests.schemes.company import RFM, profiles


@pytest.fixture(scope="module")
def rfm_customers(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Profiles:
    """The 995 customers of the R package's orders, as of 2006-12-31."""
    orders = pq.read_table(data / "rfm_r_package" / "rfm_data_orders.parquet")
    by_customer = orders.group_by("customer_id").aggregate(
        [("order_date", "max"), ("revenue", "sum"), ([], "count_all")]
    )
    rows = [
        {
            "customer_id": row["customer_id"],
            "recency_days": (date(2006, 12, 31) - row["order_date_max"]).days,
            "frequency": row["count_all"],
            "monetary_value": int(row["revenue_sum"]) * 100,
        }
        for row in by_customer.sort_by("customer_id").to_pylist()
    ]
    return profiles(rows, tmp_path_factory.mktemp("rfm"), RFM)


def test_the_rfm_segments_of_the_r_package_are_met_exactly(rfm_customers: Profiles, engine: Engine):
    scheme = read_scheme(template("rfm", RFM), "rfm.yaml")
    cuts = fit_cuts(scheme, rfm_customers, engine)
    assert cuts.tiers["recency_score"].bounds == (115.0, 181.0, 297.4, 482.0)
    assert cuts.tiers["frequency_score"].bounds == (4.0, 5.0, 6.0, 8.0)
    assert cuts.tiers["monetary_score"].bounds == (255.8, 382.0, 506.4, 666.0)
    summary = summarise(scheme, engine.read(totals(scheme, rfm_customers, cuts), rfm_customers.bindings))
    assert {each.key: each.customers for each in summary.segments} == {
        "champions": 35,
        "potential-loyalists": 342,
        "loyal-customers": 170,
        "promising": 9,
        "new-customers": 104,
        "cant-lose-them": 47,
        "at-risk": 28,
        "need-attention": 10,
        "about-to-sleep": 102,
        "lost": 148,
        "others": 0,
    }
    assert summary.base == 995
    assert summary.revenue == 46_415_800


def test_the_second_rule_set_of_the_r_package_is_met_exactly(rfm_customers: Profiles, engine: Engine):
    scheme = read_scheme(template("rfm-broad", RFM), "rfm-broad.yaml")
    cuts = fit_cuts(scheme, rfm_customers, engine)
    summary = summarise(scheme, engine.read(totals(scheme, rfm_customers, cuts), rfm_customers.bindings))
    found = {each.key: each for each in summary.segments}
    assert found["champions"].customers == 158
    assert found["champions"].revenue == 12_017_800
    assert found["others"].customers == 48
    assigned = engine.read(assign(scheme, rfm_customers, cuts), rfm_customers.bindings)
    frequency = engine.read(rfm_customers.unbound().select("customer_no", "frequency"), rfm_customers.bindings)
    champions = assigned.join(frequency, "customer_no").filter(pc.field("segment") == "champions")
    assert pc.sum(champions["frequency"]).as_py() == 1234


PYRAMID = """\
scheme: pyramid
partitions:
  value: {tiers: monetary_value, shares: {top: 1%, large: 4%, medium: 15%, small: 80%}}
segments:
  - {key: top, when: value = 'top'}
  - {key: large, when: value = 'large'}
  - {key: medium, when: value = 'medium'}
  - {key: small, otherwise: true}
"""


def test_the_pyramid_of_the_cdnow_sample_is_met(data: Path, tmp_path: Path, engine: Engine):
    purchases = pq.read_table(data / "cdnow" / "CDNOW_sample.parquet")
    spent = purchases.group_by("sample_id").aggregate([("dollar_value", "sum")]).sort_by("sample_id")
    rows = [{"monetary_value": round(amount * 100)} for amount in spent["dollar_value_sum"].to_pylist()]
    customers = profiles(rows, tmp_path, RFM)
    scheme = read_scheme(PYRAMID, "pyramid.yaml")
    cuts = fit_cuts(scheme, customers, engine)
    assert [count.wanted for count in cuts.tiers["value"].counts] == [24, 118 - 24, 472 - 118, 2357 - 472]
    summary = summarise(scheme, engine.read(totals(scheme, customers, cuts), customers.bindings))
    everything = summary.revenue or 0
    so_far = [sum(each.revenue or 0 for each in summary.segments[:number]) / everything for number in (1, 2, 3)]
    assert [round(100 * share, 2) for share in so_far] == [14.55, 36.07, 67.46]
    assert not list(ties(cuts))
