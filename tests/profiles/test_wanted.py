"""In which direction attributes should move."""

import pytest

from carpel.kernel.types import ValueType
from carpel.profiles import is_wanted
from carpel.profiles.declared import BUILT_IN
from carpel.profiles.wanted import BETTER, DOWN, EITHER, UP

SHOWN = {key: each for key, each in BUILT_IN.items() if each.changeable and not key.startswith("__")}


def test_everything_that_can_rise_or_fall_says_which_the_company_wants() -> None:
    rises = {key for key, each in SHOWN.items() if each.type.is_numeric or each.type is ValueType.SET}
    switches = {key for key, each in SHOWN.items() if each.type is ValueType.BOOLEAN}
    assert sorted([*UP, *DOWN, *EITHER]) == sorted(rises | switches)


def test_every_fixed_list_of_values_says_which_are_better() -> None:
    assert {key: set(steps) <= set(SHOWN[key].values) for key, steps in BETTER.items()} == dict.fromkeys(BETTER, True)
    assert set(BETTER) == {key for key, each in SHOWN.items() if each.values}
    for key, steps in BETTER.items():
        assert {after for some in steps.values() for after in some} <= set(SHOWN[key].values)


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("frequency", 0, 2),
        ("recency_days", 41, 40),
        ("complaints_365d", 2, 0),
        ("consent_email", False, True),
        ("products_owned", ["P2"], ("P1", "P2")),
        ("lifecycle_stage", "lapsed", "won_back"),
        ("value_band", "low", "high"),
    ],
)
def test_the_better_is_wanted_and_the_worse_is_not(key: str, before: object, after: object) -> None:
    assert is_wanted(key, before, after)
    assert not is_wanted(key, after, before)


def test_of_an_attribute_of_the_workspaces_own_either_may_be_wanted() -> None:
    assert is_wanted("web_spend_90d", 1, 2)
    assert is_wanted("web_spend_90d", 2, 1)
