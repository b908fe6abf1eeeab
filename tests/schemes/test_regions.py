"""Boxes hold everyone for whom a condition is true and, where they are exact, nobody else."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given, note, settings
from hypothesis import strategies as st

from carpel.kernel.language import Symbol, evaluate, parse_condition
from carpel.kernel.language.errors import Span
from carpel.kernel.language.evaluating import evaluate_node
from carpel.kernel.language.tree import Between, Comparison, Contains, Name, Node, walk
from carpel.kernel.types import ValueType
from carpel.schemes import Cuts, fit_cuts, read_scheme
from carpel.schemes.analysis.axes import Axis, axis_of, comparison, membership
from carpel.schemes.analysis.conditions import Conditions
from carpel.schemes.analysis.domains import ANYTHING, HIGHEST, LOWEST, Domain, after, before, between, points
from carpel.schemes.analysis.labels import Meanings
from carpel.schemes.analysis.regions import Region
from carpel.schemes.placing import Interpreter, interpreter
from tests.schemes.company import COMPANY, profiles
from tests.schemes.test_reaching import SMALL_PARTITIONS, small_conditions, small_customers

LABELS = frozenset(SMALL_PARTITIONS)


@pytest.fixture(scope="module")
def reader(tmp_path_factory, engine) -> Interpreter:
    """Reads a customer's attributes and labels."""
    every = " or ".join(f"{name} is null" for name in (*SMALL_PARTITIONS, *COMPANY.available))
    segments: list[dict[str, Any]] = [{"key": "a", "when": every}, {"key": "b", "otherwise": True}]
    content = {"scheme": "s", "partitions": SMALL_PARTITIONS, "segments": segments}
    scheme = read_scheme(yaml.safe_dump(content, sort_keys=False), "s.yaml")
    cuts: Cuts = fit_cuts(scheme, profiles([], tmp_path_factory.mktemp("regions")), engine)
    return interpreter(scheme, cuts)


def coordinates(root: Node, row: Mapping[str, Any]) -> Iterator[tuple[Axis, Any]]:
    """A customer's value on every axis that a condition can be read to have."""
    for node in walk(root):
        yield axis_of(node, LABELS), evaluate_node(node, row, digits=2)
        match node:
            case Comparison(left=left, right=right):
                yield how(left, right, row)
            case Between(operand=operand, low=low, high=high):
                yield how(operand, low, row)
                yield how(operand, high, row)
            case Contains(collection=Name() as collection):
                element = evaluate_node(node.element, row, digits=2)
                held = evaluate_node(collection, row, digits=2)
                yield membership(collection, element), held is not None and element in held


def how(left: Node, right: Node, row: Mapping[str, Any]) -> tuple[Axis, Any]:
    """How two values compare, as -1, 0 or 1 of the side that comes first."""
    axis, less = comparison("<", left, right)
    if answered("=", left, right, row) is not False:
        return axis, 0 if answered("=", left, right, row) else None
    # Truth has no order; either outcome stands for "not equal".
    is_less = left.type is ValueType.BOOLEAN or answered("<", left, right, row)
    first = -1 if holds(less, -1) else 1
    return axis, first if is_less else -first


def answered(operator: str, left: Node, right: Node, row: Mapping[str, Any]) -> Any:
    """Whether two values compare so; None where one is unknown."""
    node = Comparison(type=ValueType.BOOLEAN, span=left.span, operator=operator, left=left, right=right)
    return evaluate_node(node, row, digits=2)


def holds(domain: Domain, value: Any) -> bool:
    """Whether a domain allows a value."""
    return domain.unknown if value is None else any(low < (0, value, 0.5) < high for low, high in domain.spans)


def inside(region: Region, point: Mapping[str, Any]) -> bool:
    """Whether a customer is in one of the boxes."""
    return any(all(holds(allowed, point[axis.key]) for axis, allowed in box.limits.items()) for box in region.boxes)


@given(small_conditions(), small_conditions(), small_customers())
@settings(max_examples=200)
def test_everyone_for_whom_a_condition_is_true_is_in_its_boxes_and_nobody_else(reader, one, other, customers):
    symbols = COMPANY.symbols | reader.bound.symbols
    conditions = Conditions(LABELS)
    trees = [parse_condition(each, symbols, place="here") for each in (one, other)]
    first, second = (conditions.true(tree.root) for tree in trees)
    meanings = Meanings(reader.bound, conditions)
    for customer in customers:
        row = reader.row(dict.fromkeys(COMPANY.available) | customer)
        point = {axis.key: value for tree in trees for axis, value in coordinates(tree.root, row)}
        point |= {name: evaluate_node(named(symbols[name]), row, digits=2) for name in symbols}
        is_first, is_second = (evaluate(tree, row, digits=2) is True for tree in trees)
        note(f"{row}")
        for region, holds_ in (
            (first, is_first),
            (second, is_second),
            (first & second, is_first and is_second),
            (first | second, is_first or is_second),
            (first - second, is_first and not is_second),
        ):
            if holds_:
                assert inside(region, point)
                assert not meanings.is_nobody(region)
            elif region.exact:
                assert not inside(region, point)


def named(symbol: Symbol) -> Name:
    """An attribute or a label as a part of a condition."""
    return Name(type=symbol.type, span=Span(0, 0), symbol=symbol)


@given(st.lists(st.integers(0, 6), max_size=8), st.lists(st.integers(0, 6), max_size=8))
def test_domains_are_sets(one: list[int], other: list[int]) -> None:
    """Union, intersection and difference mean what they mean of sets."""
    left, right = (_domain(each) for each in (one, other))
    for value in (None, -1, 0, 0.5, 1, 1.5, 2, 3, 4.5, 5, 6, 7):
        in_left, in_right = holds(left, value), holds(right, value)
        assert holds(left & right, value) == (in_left and in_right)
        assert holds(left | right, value) == (in_left or in_right)
        assert holds(left - right, value) == (in_left and not in_right)
        assert holds(ANYTHING - left, value) == (not in_left)


def _domain(cuts: list[int]) -> Domain:
    """Some points and intervals, and unknown where their number is odd."""
    found = points(cuts[:2], unknown=len(cuts) % 2 == 1)
    for low, high in zip(cuts[2::2], cuts[3::2], strict=False):
        found |= between(before(low), after(high)) if low % 2 else between(after(low), before(high))
    return found | (between(LOWEST, before(1)) if len(cuts) > 6 else between(after(5), HIGHEST))
