"""In which direction attributes should move."""

import pytest

from carpel.kernel.texts import Labels
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Better, Family, is_wanted
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
    assert is_wanted(attribute(key), before, after)
    assert not is_wanted(attribute(key), after, before)


def attribute(key: str, better: Better = Better.EITHER) -> Attribute:
    label = Labels({"en": key})
    return Attribute(
        key=key, family=Family.VALUE, type=ValueType.INTEGER, label=label, description=label, better=better
    )


@pytest.mark.parametrize(
    ("better", "rise", "fall"), [(Better.MORE, True, False), (Better.LESS, False, True), (Better.EITHER, True, True)]
)
def test_an_attribute_of_the_workspaces_own_says_which_way_is_wanted(better: Better, rise: bool, fall: bool) -> None:
    own = attribute("open_complaints", better)
    assert (is_wanted(own, 1, 2), is_wanted(own, 2, 1)) == (rise, fall)
