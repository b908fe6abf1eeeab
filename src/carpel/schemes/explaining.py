"""Why a customer is where they are, in sentences: the path, the runner-up, the smallest change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from carpel.kernel.dates import AsOf
from carpel.kernel.language import sentence
from carpel.kernel.money import Currency, Money
from carpel.kernel.texts import Labels, Parameter, Text, text
from carpel.kernel.types import ValueType
from carpel.profiles import Catalogue, Unit
from carpel.schemes.changing import Change, smallest_change
from carpel.schemes.cuts import Cuts
from carpel.schemes.holding import Held, home_of
from carpel.schemes.partitions import Rule, Tiers
from carpel.schemes.placing import Interpreter, Placement, Reason, interpreter
from carpel.schemes.values import Scheme, Segment
from carpel.schemes.wording import Vocabulary

_TIMES: Final = frozenset({Unit.DAYS, Unit.MONTHS, Unit.YEARS})


@dataclass(frozen=True, kw_only=True)
class Why:
    """The answer to "why is this customer here?".

    Attributes:
        customer_id: The customer, where the values say so.
        segment: The leaf that they are in; None outside the base.
        path: The segments from the top to that leaf.
        by_rule: The leaf that the rules give; another one only while they are held.
        held_until: The day until which they stay at least; None where nothing holds them.
        sentence: The answer in one sentence.
        because: One sentence for each segment that the rules give, and first what holds them.
        runner_up: The leaf whose rule holds too and would have them otherwise; None where there is none.
        would_change: The smallest change for the better that would move them; None where there is none.
        change: The same in a sentence, or the reason why there is none.
    """

    customer_id: str | None
    segment: str | None
    path: tuple[str, ...]
    by_rule: str | None
    held_until: date | None
    sentence: Text
    because: tuple[Text, ...]
    runner_up: str | None
    would_change: Change | None
    change: Text


def why(
    scheme: Scheme,
    cuts: Cuts,
    values: Mapping[str, object],
    catalogue: Catalogue,
    as_of: AsOf | None = None,
    *,
    currency: Currency | None = None,
) -> Why:
    """Explain where a scheme places one customer.

    Args:
        scheme: The scheme.
        cuts: Its parameters.
        values: The customer's attributes as profiles store them, at least those that the scheme reads; with `segment`
            and `held_until`, as assignments have them, also what holds the customer.
        catalogue: Says what attributes are called and which the company's action can change.
        as_of: The moment of the values; holds that have ended by then are not spoken of.
        currency: What amounts of money are in; None writes them as plain numbers.
    """
    reader = interpreter(scheme, cuts)
    placed = reader.place(values)
    words = _Words(reader, catalogue, currency)
    hold = _hold(reader, values, placed, as_of)
    known = _here(words, values, placed, hold)
    if placed.segment is None:
        outside = words.outside(scheme.base, values) if scheme.base else known.sentence
        return replace(known, sentence=outside, because=(outside,) if scheme.base else ())
    change = smallest_change(reader, values, catalogue, hold)
    found = replace(known, runner_up=runner_up(reader, values))
    if isinstance(change, Change):
        return replace(found, would_change=change, change=words.change(change))
    return replace(found, change=change)


def _here(words: _Words, values: Mapping[str, object], placed: Placement, hold: Held) -> Why:
    """Where the customer is and what put them there; not yet what would move them."""
    customer = values.get("customer_id")
    held = tuple(words.hold(hold, placed.segment))
    return Why(
        customer_id=None if customer is None else str(customer),
        segment=hold.segment,
        path=words.path(hold.segment),
        by_rule=placed.segment,
        held_until=hold.until,
        sentence=held[0] if hold.segment != placed.segment else words.all_in_one(placed, values),
        because=(*held, *(words.reason(each, values) for each in placed.because)),
        runner_up=None,
        would_change=None,
        change=text("schemes.no-change-outside"),
    )


def _hold(reader: Interpreter, values: Mapping[str, object], placed: Placement, as_of: AsOf | None) -> Held:
    """What the assignment says, where it says more than the rules."""
    segment, until = values.get("segment"), values.get("held_until")
    if placed.segment is None or not isinstance(until, date) or (as_of and until <= as_of.day):
        return Held(segment=placed.segment, until=None)
    home = home_of(reader, segment, values) if isinstance(segment, str) else None
    return Held(segment=home or placed.segment, until=until)


def runner_up(reader: Interpreter, values: Mapping[str, object]) -> str | None:
    """The leaf of the next segment in order whose rule also holds.

    Where none does on the leaf's level, the next level up is asked. A remainder takes whoever is left, which says
    nothing of this customer.
    """
    row = reader.row(values)
    path = reader.path(row)
    levels = [reader.bound.scheme.segments, *(segment.segments for segment in path[:-1])]
    for segment, level in zip(reversed(path), reversed(levels), strict=True):
        after = level[level.index(segment) + 1 :]
        found = next((each for each in after if each.when and reader.holds(each.when, row)), None)
        if found:
            return reader.path_below(found, row)[-1].key
    return None


class _Words:
    """Turns reasons and changes into sentences."""

    def __init__(self, reader: Interpreter, catalogue: Catalogue, currency: Currency | None) -> None:
        self._reader = reader
        self._catalogue = catalogue
        self._currency = currency
        self._vocabulary = Vocabulary(reader.bound, catalogue)

    def path(self, leaf: str | None) -> tuple[str, ...]:
        """The segments from the top to a leaf."""
        return self._reader.bound.scheme.paths[leaf] if leaf else ()

    def reason(self, reason: Reason, values: Mapping[str, object]) -> Text:
        """Why a customer is in one segment of their path."""
        segment = self._segment(reason.segment).name
        if reason.rule is None:
            return text("schemes.because-remainder", segment=segment)
        if not reason.values:
            return text("schemes.because-always", segment=segment, rule=_one_line(reason.rule))
        row = self._reader.row(values)
        condition = self._condition(reason.rule, row)
        tiers = [each for each in self._tiers() if each.key in reason.values]
        if not tiers:
            return text("schemes.because", segment=segment, condition=condition)
        cut = _joined([self._cut(each, row) for each in tiers])
        return text("schemes.because-tiers", segment=segment, condition=condition, tiers=cut)

    def all_in_one(self, placed: Placement, values: Mapping[str, object]) -> Text:
        """Why a customer is in their leaf: all that held on the way there."""
        if not placed.because:
            return text("schemes.sentence-outside")
        row, leaf = self._reader.row(values), placed.because[-1]
        held = [self._held(each, each.rule, row) for each in placed.because if each.rule and each.values]
        segment = self._title(leaf.segment)
        if not held:
            return text("schemes.sentence-remainder", segment=segment)
        if leaf.rule is None and len(placed.path) > 1:
            above = self._title(placed.path[-2])
            return text(
                "schemes.sentence-rest", segment=segment, condition=_joined(held, "schemes.and-also"), above=above
            )
        return text("schemes.sentence", segment=segment, condition=_joined(held, "schemes.and-also"))

    def hold(self, hold: Held, by_rule: str | None) -> Iterator[Text]:
        """What keeps a customer where they are."""
        if hold.until is None or hold.segment is None or by_rule is None:
            return
        if hold.segment == by_rule:
            yield text("schemes.because-stays", until=hold.until)
        else:
            here, there = self._title(hold.segment), self._title(by_rule)
            yield text("schemes.because-held", segment=here, by_rule=there, until=hold.until)

    def outside(self, base: Rule, values: Mapping[str, object]) -> Text:
        """Why a customer is not in the base."""
        if not self._reader.bound.tree(base).names:
            return text("schemes.because-never", rule=_one_line(base))
        return text("schemes.because-outside", condition=self._condition(base, self._reader.row(values)))

    def change(self, change: Change) -> Text:
        """What would move a customer, and where to."""
        parts = [
            text(
                "schemes.change-part",
                attribute=self._label(name),
                before=self._shown(name, before),
                after=self._shown(name, after),
            )
            for name, before, after in change.attributes
        ]
        changes, segment = _joined(parts), self._title(change.segment)
        if change.from_day:
            return text("schemes.change-from", changes=changes, segment=segment, day=change.from_day)
        return text("schemes.change", changes=changes, segment=segment)

    def _held(self, reason: Reason, rule: Rule, row: Mapping[str, Any]) -> Text:
        """A condition; one that asks for a tier says what the tier goes by."""
        condition = self._condition(rule, row)
        for tiers in (each for each in self._tiers() if each.key in reason.values):
            condition = text("schemes.held-in-tier", condition=condition, tier=self._cut(tiers, row))
        return condition

    def _condition(self, rule: Rule, row: Mapping[str, Any]) -> Text:
        words, digits = self._vocabulary, self._reader.cuts.digits
        tree = self._reader.bound.tree(rule)
        return sentence(tree, words.labels, values=row, word=words.word, digits=digits, currency=self._currency)

    def _tiers(self) -> Iterator[Tiers]:
        return (each for each in self._reader.bound.scheme.partitions if isinstance(each, Tiers))

    def _cut(self, tiers: Tiers, row: Mapping[str, Any]) -> Text:
        """What a partition by tiers cuts, and this customer's value of it."""
        tree, value = self._reader.bound.tree(tiers.of), self._reader.tiered(tiers, row)
        of = sentence(tree, self._vocabulary.labels, currency=self._currency)
        is_money = value is not None and tree.type is ValueType.MONEY
        shown = self._money(round(value * 10**self._reader.cuts.digits)) if is_money else value
        return text("schemes.tier-of", partition=self._label(tiers.key), of=of, value=shown)

    def _money(self, minor: int) -> Decimal | Money:
        return self._currency.money(minor) if self._currency else Decimal(minor).scaleb(-self._reader.cuts.digits)

    def _label(self, name: str) -> Text | Labels | str:
        return self._vocabulary.labels.get(name, name)

    def _shown(self, name: str, value: Any) -> Parameter:
        attribute = self._catalogue.available.get(name)
        if attribute and attribute.type is ValueType.MONEY and isinstance(value, int):
            return self._money(value)
        if attribute and attribute.unit in _TIMES and isinstance(value, int | float):
            return text(f"schemes.shown-{attribute.unit}", count=value)
        if attribute and isinstance(value, str):
            return attribute.word(value)
        if value is None or isinstance(value, str | int | float | Decimal | date | datetime):
            return value
        return ", ".join(str(each) for each in value) if isinstance(value, Iterable) else str(value)

    def _title(self, key: str) -> Labels:
        return self._reader.bound.scheme.title(key)

    def _segment(self, key: str) -> Segment:
        return self._reader.bound.scheme.segment(key)


def _joined(parts: Sequence[Text], key: str = "schemes.and") -> Text:
    """The parts as one list; punctuation and conjunction are the language's."""
    *before, last = parts
    for part in reversed(before):
        last = text(key, first=part, rest=last)
    return last


def _one_line(rule: Rule) -> str:
    return " ".join(rule.source.split())
