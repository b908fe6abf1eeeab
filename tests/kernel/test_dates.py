"""Figures are as of a moment."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError

ZONES = ["UTC", "Asia/Manila", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"]


def test_a_date_knows_everything_before_its_first_moment() -> None:
    """1 July in Manila begins on 30 June at 16:00 in Greenwich."""
    as_of = AsOf.parse("2025-07-01", "Asia/Manila")
    assert as_of.instant == datetime(2025, 6, 30, 16, tzinfo=UTC)
    assert as_of.stored == datetime(2025, 6, 30, 16)  # noqa: DTZ001  # stored without a zone
    assert as_of.day == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("wish", "instant"),
    [
        ("2025-07-01T14:30", datetime(2025, 7, 1, 6, 30, tzinfo=UTC)),
        ("2025-07-01T14:30+00:00", datetime(2025, 7, 1, 14, 30, tzinfo=UTC)),
        ("2025-07-01 14:30:15Z", datetime(2025, 7, 1, 14, 30, 15, tzinfo=UTC)),
    ],
)
def test_a_moment_without_a_zone_is_local(wish: str, instant: datetime) -> None:
    """One with a zone is what it says."""
    assert AsOf.parse(wish, "Asia/Manila").instant == instant


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), zone=st.sampled_from(ZONES))
def test_the_start_of_a_day_lies_between_the_days(day: date, zone: str) -> None:
    """The moment is of that day, and the moment before is not later than the day before."""
    start = AsOf.start_of(day, zone)
    assert start.day == day
    assert AsOf.at(start.instant, zone).day >= day
    assert AsOf.at(start.instant - timedelta(microseconds=1), zone).day < day


@pytest.mark.parametrize("wish", ["yesterday", "2025-13-01", "01/07/2025", "2025-02-30", ""])
def test_what_is_no_date_is_refused(wish: str) -> None:
    """With the form that is wanted."""
    with pytest.raises(CarpelError) as caught:
        AsOf.parse(wish, "UTC")
    assert "2025-07-31" in str(caught.value)


def test_an_unknown_time_zone_comes_with_the_nearest() -> None:
    """A slip in the name is named."""
    with pytest.raises(CarpelError) as caught:
        AsOf.parse("2025-07-01", "Asia/Manilla")
    assert "Asia/Manila" in str(caught.value)


@given(day=st.dates(date(1990, 1, 1), date(2090, 1, 1)), zone=st.sampled_from(ZONES))
def test_a_moment_keeps_its_zone_through_json(day: date, zone: str) -> None:
    """What is no part of which moment it is still says where days begin."""
    as_of = AsOf.start_of(day, zone)
    again = AsOf.from_json(as_of.to_json())
    assert (again, again.time_zone) == (as_of, zone)
