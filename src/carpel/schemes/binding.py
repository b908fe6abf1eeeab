"""A scheme's rules read against the attributes that they may name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.language import Expression, Symbol, parse, parse_condition
from carpel.kernel.language.tree import Name
from carpel.kernel.types import ValueType
from carpel.profiles import Catalogue
from carpel.schemes.errors import SchemeError
from carpel.schemes.partitions import Categories, Cross, Partition, Refined, Rule, Rules, Tiers
from carpel.schemes.structure import require_sound
from carpel.schemes.values import Scheme


@dataclass(frozen=True, eq=False)
class Bound:
    """A scheme whose rules are typed trees.

    Attributes:
        scheme: What its owner wrote.
        expressions: The tree of each rule and formula, by its text.
        symbols: What the rules read: the attributes, and the labels of partitions.
        names: The attributes among them, in the order of the catalogue.
    """

    scheme: Scheme
    expressions: Mapping[str, Expression]
    symbols: Mapping[str, Symbol]
    names: tuple[str, ...]

    def tree(self, rule: Rule) -> Expression:
        """The tree of one of the scheme's rules."""
        return self.expressions[rule.source]

    def named_by(self, partition: Partition) -> frozenset[str]:
        """What a partition reads itself: attributes, and the partitions that it is made of or names."""
        match partition:
            case Rules():
                rules = [part.when for part in partition.parts if part.when]
            case Tiers():
                rules = [partition.of, *((partition.over,) if partition.over else ())]
            case Categories():
                rules = [partition.of]
            case Cross():
                return frozenset(each.key for each in partition.of)
            case Refined():
                return frozenset({partition.of.key, *(part.key for _, part in partition.parts)})
        return frozenset[str]().union(*(self.tree(rule).names for rule in rules))


@dataclass(frozen=True)
class _Written:
    """A rule or formula with what it may name."""

    rule: Rule
    symbols: Mapping[str, Symbol]

    def read(self, time_zone: str) -> Expression:
        return parse_condition(self.rule.source, self.symbols, place=self.place, time_zone=time_zone)

    @property
    def place(self) -> str:
        return self.rule.place or self.rule.source


class _Formula(_Written):
    """What tiers are cut by."""

    def read(self, time_zone: str) -> Expression:
        expression = parse(self.rule.source, self.symbols, place=self.place, time_zone=time_zone)
        if not expression.type.is_numeric:
            raise SchemeError("schemes.tiers-not-numeric", place=self.place, source=self.rule.source)
        return expression


@dataclass(frozen=True)
class _Category(_Written):
    """The attribute whose words are the labels of a partition."""

    categories: Categories

    def read(self, time_zone: str) -> Expression:
        expression = parse(self.rule.source, self.symbols, place=self.place, time_zone=time_zone)
        if not isinstance(expression.root, Name) or not expression.type.is_text:
            raise SchemeError("schemes.not-a-category", place=self.place, source=self.rule.source)
        self._refuse_unheard_of(expression.root.symbol.values)
        return expression

    def _refuse_unheard_of(self, known: tuple[str, ...]) -> None:
        for value in (value for _, values in self.categories.values for value in values):
            if known and value not in known:
                raise SchemeError(
                    "schemes.no-such-value",
                    place=self.categories.place or self.place,
                    name=self.rule.source,
                    value=value,
                    known=", ".join(known),
                    hint=nearest(value, known),
                )


def bind(scheme: Scheme, symbols: Mapping[str, Symbol], *, time_zone: str = "UTC") -> Bound:
    """Read every rule; the first that cannot be read, or a scheme that is no partition, is an error.

    Args:
        scheme: The scheme.
        symbols: The attributes that rules may name.
        time_zone: Where a day that a rule writes begins; of no matter to what may be written.

    Raises:
        CarpelError: At the place of the rule, naming the nearest remedy.
    """
    require_sound(scheme)
    expressions = {each.rule.source: each.read(time_zone) for each in _written(scheme, symbols)}
    read = frozenset[str]().union(*(expression.names for expression in expressions.values()))
    everything = dict(symbols) | {each.key: _symbol(each) for each in scheme.partitions}
    return Bound(
        scheme=scheme,
        expressions=expressions,
        symbols={name: symbol for name, symbol in everything.items() if name in read},
        names=tuple(name for name in symbols if name in read),
    )


def names(scheme: Scheme, catalogue: Catalogue) -> tuple[str, ...]:
    """The attributes that a scheme reads, in the order of the catalogue.

    Raises:
        CarpelError: A rule cannot be read.
    """
    return bind(scheme, catalogue.symbols).names


def unreadable_rules(scheme: Scheme, symbols: Mapping[str, Symbol]) -> Iterator[Issue]:
    """A rule that cannot be read against the attributes that there are."""
    seen: set[tuple[str | None, str]] = set()
    try:
        for written in _written(scheme, symbols):
            issue = _problem(written)
            if issue and (issue.place, issue.text.key) not in seen:
                seen.add((issue.place, issue.text.key))
                yield issue
    except SchemeError as error:
        yield _issue(error)


def _problem(written: _Written) -> Issue | None:
    try:
        written.read("UTC")
    except CarpelError as error:
        return _issue(error)
    return None


def _issue(error: CarpelError) -> Issue:
    return Issue(severity=Severity.ERROR, text=error.text, place=error.place or "")


def _written(scheme: Scheme, attributes: Mapping[str, Symbol]) -> Iterator[_Written]:
    if scheme.base:
        yield _Written(scheme.base, attributes)
    symbols = dict(attributes)
    for partition in scheme.partitions:
        if partition.key in attributes:
            raise SchemeError("schemes.partition-named-as-attribute", place=partition.place, key=partition.key)
        yield from _of_partition(partition, dict(symbols))
        symbols[partition.key] = _symbol(partition)
    for _, segment in scheme.walk():
        if segment.when:
            yield _Written(segment.when, symbols)


def _of_partition(partition: Partition, symbols: Mapping[str, Symbol]) -> Iterator[_Written]:
    match partition:
        case Tiers():
            yield _Formula(partition.of, symbols)
            if partition.over:
                yield _Written(partition.over, symbols)
        case Rules():
            yield from (_Written(part.when, symbols) for part in partition.parts if part.when)
        case Categories():
            yield _Category(partition.of, symbols, partition)
        case Cross() | Refined():
            """Its labels are those of partitions that stand before it."""


def _symbol(partition: Partition) -> Symbol:
    return Symbol(partition.key, ValueType.CATEGORY, partition.labels)
