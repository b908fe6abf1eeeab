"""A suggestion is a change of the owner's own text that moves nobody outside the segments it names."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carpel.kernel.language import Symbol
from carpel.kernel.texts import Labels
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Family
from carpel.schemes import Cuts, Scheme, SchemeError, logic_fingerprint, place, read_scheme
from carpel.schemes.suggesting.joining import joined, siblings
from carpel.schemes.suggesting.options import Option, by_bounds, by_member, by_truth, by_values
from carpel.schemes.suggesting.refining import divide, join

NAMES = ("a", "b")
SYMBOLS = (*(Symbol(name, ValueType.INTEGER) for name in NAMES), Symbol("kind", ValueType.TEXT))
CUSTOMERS = [
    {"a": a, "b": b, "kind": kind}
    for a, b, kind in product([None, 0, 1, 2, 3], [None, 0, 1, 2, 3], [None, "x", "y, z"])
]
RULES = ("a = 1", "a > 1", "b < 2", "a <> b", "a is null", "b in (0, 3)", "a = 1 or b = 1", "not b > 1")

WRITTEN = """\
# Ours, with care.
scheme: customers   # the only one
partitions:
  size:
    rules:
      - {key: large, when: a > 2}
      - {key: small, otherwise: true}
segments:
  # The first of all.
  - key: first
    label: {en: First, fil: Una}
    when: a = 1
    owner: ana  # since May
  - {key: second, label: {en: Second}, when: "b in (0, 3)"}   # on one line

  # Third comes after a blank line.
  - key: third
    when: >-
      a > 1 and
      kind = 'x'

    # What the third does.
    segments:
      - key: third-high
        when: b > 1     # high
      - key: third-rest
        otherwise: true
  # Those by size.
  - key: sized
    when: b is not null
    by: size     # a partition
  - key: parted
    when: a is not null
    by: size
    parts:
      # Only the large ones have a name.
      large: {label: Large ones}
  - key: everyone-else
    otherwise: true
"""


def leaves(scheme: Scheme) -> list[str | None]:
    cuts = Cuts(logic=logic_fingerprint(scheme), digits=2, symbols=SYMBOLS)
    return [place(scheme, cuts, each).segment for each in CUSTOMERS]


def attribute(key: str, of: ValueType) -> Attribute:
    name = Labels({"en": f"The {key}"})
    return Attribute(key=key, family=Family.VALUE, type=of, label=name, description=name)


def options() -> list[Option]:
    return [
        *by_bounds(attribute("b", ValueType.INTEGER), [Decimal(1), Decimal(2)]),
        *by_values(attribute("kind", ValueType.TEXT), ["x", "y, z", "it's"]),
    ]


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


@pytest.mark.parametrize("option", options(), ids=lambda each: each.rule)
@pytest.mark.parametrize("segment", [leaf.key for leaf in read_scheme(WRITTEN, "w").leaves])
def test_dividing_a_leaf_moves_nobody_else_and_keeps_every_comment(segment: str, option: Option) -> None:
    made = divide(WRITTEN, "w", segment, option)
    assert comments(made.text) == comments(WRITTEN)
    parts = {part.key for part in made.segments}
    for before, after in zip(leaves(read_scheme(WRITTEN, "w")), leaves(made.scheme), strict=True):
        assert after in parts if before == segment else after == before
    added = [line for line in made.text.splitlines() if line not in WRITTEN.splitlines()]
    assert len(added) >= 1
    assert read_scheme(f"scheme: alone\n{made.yaml}", "piece").segments == made.segments


def test_the_others_of_a_division_are_those_not_known_too() -> None:
    made = divide(WRITTEN, "w", "everyone-else", options()[0])
    assert [part.key for part in made.segments] == ["everyone-else-b-1-or-more", "everyone-else-others"]
    unknown = [place_of for place_of, each in zip(leaves(made.scheme), CUSTOMERS, strict=True) if each["b"] is None]
    assert "everyone-else-b-1-or-more" not in unknown


def test_labels_are_in_the_languages_of_the_segment() -> None:
    first = divide(WRITTEN, "w", "first", options()[0]).segments[0]
    assert dict(first.label.by_language) == {"en": "First: The b 1 or more", "fil": "Una: The b: 1 pataas"}


def test_a_key_that_is_taken_gets_a_number() -> None:
    twice = divide(WRITTEN.replace("key: second", "key: first-others"), "w", "first", options()[0])
    assert twice.segments[1].key == "first-others-2"


def test_other_kinds_of_attributes_can_be_said_too() -> None:
    member = by_member(attribute("tags", ValueType.SET), "Tea's")
    truth = by_truth(attribute("consent", ValueType.BOOLEAN))[0]
    assert [divide(WRITTEN, "w", "first", each).segments[0].when for each in (member, truth)]
    assert member.rule == "'Tea''s' in tags"


def test_a_leaf_that_is_gone_is_told() -> None:
    with pytest.raises(SchemeError) as refused:
        divide(WRITTEN, "w", "third", options()[0])
    assert refused.value.text.key == "schemes.suggest-gone"


PAIRS = [
    (one.key, other.key)
    for _, parts in siblings(read_scheme(WRITTEN, "w"))
    for index, one in enumerate(parts)
    for other in parts[index + 1 :]
    if not (one.segments or other.segments)
]


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_joining_two_leaves_moves_nobody_else(pair: tuple[str, str]) -> None:
    scheme = read_scheme(WRITTEN, "w")
    both = joined(scheme, *pair)
    assert both is not None
    made = join(WRITTEN, "w", both)
    assert_joined(scheme, made.scheme, pair, both.kept)
    before, after = comments(WRITTEN), comments(made.text)
    assert [each for each in before if each in after] == after


def assert_joined(scheme: Scheme, after: Scheme, pair: tuple[str, str], kept: str) -> None:
    for was, becomes in zip(leaves(scheme), leaves(after), strict=True):
        assert becomes == (kept if was in pair else was)
    assert len(after.leaves) == len(scheme.leaves) - 1


@given(st.lists(st.sampled_from(RULES), min_size=2, max_size=6), st.data())
def test_whatever_the_rules_joining_two_moves_nobody_else(rules: list[str], data: st.DataObject) -> None:
    items = "".join(f"  - {{key: s{number}, when: '{rule}'}}\n" for number, rule in enumerate(rules) if "(" not in rule)
    source = f"scheme: random\nsegments:\n{items}  - {{key: rest, otherwise: true}}\n"
    scheme = read_scheme(source, "r")
    if len(scheme.segments) < 3:
        return
    keys = [each.key for each in scheme.segments]
    pair = data.draw(st.lists(st.sampled_from(keys), min_size=2, max_size=2, unique=True))
    both = joined(scheme, *pair)
    assert both is not None
    assert_joined(scheme, join(source, "r", both).scheme, (pair[0], pair[1]), both.kept)


def test_two_that_are_everyone_are_not_joined() -> None:
    scheme = read_scheme("scheme: two\nsegments: [{key: x, when: a = 1}, {key: y, otherwise: true}]\n", "two")
    assert joined(scheme, "x", "y") is None


def test_a_text_that_cannot_be_changed_is_told_and_left() -> None:
    odd = "scheme: odd\nsegments: [{key: x, when: a = 1 # so\n  }, {key: y, otherwise: true}]\n"
    with pytest.raises(SchemeError) as refused:
        divide(odd, "odd", "x", options()[0])
    assert refused.value.text.key == "schemes.suggest-cannot-edit"


THREE = """\
scheme: three
partitions:
  size:
    rules:
      - {key: large, when: a > 2, label: Large}
      - {key: medium, when: a > 1}
      - {key: small, otherwise: true}
  reach: {rules: [{key: far, when: b > 1}, {key: near, otherwise: true}]}
by: size   # and so on
parts:
  large: {owner: ana}
  medium: {by: reach}
"""


TWICE = THREE.replace("by: size ", "by: [size, reach] ")


@pytest.mark.parametrize("pair", [("large", "small"), ("medium.far", "medium.near")], ids="+".join)
def test_parts_by_a_partition_are_written_out_to_be_joined(pair: tuple[str, str]) -> None:
    scheme = read_scheme(THREE, "three")
    both = joined(scheme, *pair)
    assert both is not None
    assert_joined(scheme, join(THREE, "three", both).scheme, pair, both.kept)


def test_what_every_part_is_divided_by_cannot_be_taken_from_one() -> None:
    both = joined(read_scheme(TWICE, "three"), "small.far", "small.near")
    assert both is not None
    with pytest.raises(SchemeError):
        join(TWICE, "three", both)
