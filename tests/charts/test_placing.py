"""Scales, names that keep apart, and lines of text that lose nothing."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from carpel.charts.measuring import fitted, width_of, wrapped
from carpel.charts.numbers import share
from carpel.charts.placing import Scale, apart, ticks
from carpel.kernel.texts import LANGUAGES

VALUES = st.floats(-1e12, 1e12).map(lambda value: round(value, 3))


@given(VALUES, VALUES)
@example(-999_999_999_000.0, -999_999_999_000.0)
def test_ticks_hold_all_and_are_evenly_spaced(one: float, other: float) -> None:
    low, high = sorted((one, other))
    found = ticks(low, high)
    slack = (high - low) * 1e-6 + 1e-9
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    assert 1 <= len(found) <= 7
    steps = [after - before for before, after in pairwise(found)]
    assert all(step == pytest.approx(steps[0], rel=1e-6) for step in steps)


@given(st.lists(st.floats(0, 400), max_size=12), st.floats(5, 30))
def test_names_keep_their_order_and_their_distance(wished: list[float], distance: float) -> None:
    found = apart(sorted(wished), distance, 400)
    assert all(below - above >= distance - 1e-6 for above, below in pairwise(found))
    if len(wished) * distance <= 400:
        assert all(distance / 2 - 1e-6 <= y <= 400 - distance / 2 + 1e-6 for y in found)


def test_a_name_with_room_stays_where_it_is_wished() -> None:
    assert apart([50, 120, 300], 20, 400) == [50, 120, 300]


def test_values_that_are_all_the_same_lie_half_way() -> None:
    assert Scale(5, 5, 0, 100).at(5) == 50


@given(st.text(alphabet="ab 重点客户，mW.", max_size=80), st.floats(60, 400))
def test_wrapping_loses_no_word_that_fits(said: str, room: float) -> None:
    lines = wrapped(said, room)
    assert all(width_of(line) <= room for line in lines)
    words = said.split()
    if all(width_of(word) <= room for word in words):
        assert "".join("".join(lines).split()) == "".join(words)


@given(st.text(max_size=60), st.floats(20, 300))
def test_what_is_cut_off_is_marked(said: str, room: float) -> None:
    shown = fitted(said, room)
    assert shown == said or (shown.endswith("…") and width_of(shown) <= room)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_share_is_never_written_as_nothing_nor_as_the_whole(language: str) -> None:
    assert share(0.00001, language) == "<0.1%"
    assert share(0.99999, language) == ">99.9%"
    assert share(-0.00001, language) == ">-0.1%"
    assert share(0, language) == "0.0%"
    assert share(1, language) == "100.0%"
