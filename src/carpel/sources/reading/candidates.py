"""Which readings a column's shapes allow, in order of preference. The values have the last word (`judging`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from carpel.kernel.types import ValueType
from carpel.sources.reading import dates, numbers, words
from carpel.sources.reading.evidence import Evidence
from carpel.sources.reading.readings import AsBoolean, AsDate, AsEpoch, AsNumber, AsSerial, AsText, Reading
from carpel.sources.reading.wishes import COMMA, COMPACT, EPOCHS, POINT, SERIAL, Wish

_IDS: Final = frozenset({ValueType.ID, ValueType.TEXT, ValueType.CATEGORY})
_LONGEST_NUMBER: Final = 18
_MOST_SPELLINGS: Final = 12
_MOST_DATES: Final = 0.9
_MOST_NUMBERS: Final = 0.95
_SECONDS: Final = (10, 10)
_MILLISECONDS: Final = (13, 13)


@dataclass(frozen=True)
class Rival:
    """A reading, and the words that ask for it in `ReadOptions.types`."""

    reading: Reading
    words: str
    order: str = ""


@dataclass(frozen=True)
class Group:
    """Readings of one kind; the one that reads the most values stands for them.

    Attributes:
        rivals: The readings; of equals the first wins, unless the options or other columns say otherwise.
        share: The part of the values that it must read to be chosen.
        also: Other readings that the same values allow, to be named as alternatives.
        earliest: For moments, the first plausible year.
        latest: For moments, the last plausible year.
        test: A reading that must understand the values too, for keys that must be whole numbers.
    """

    rivals: tuple[Rival, ...]
    share: float = 1.0
    also: tuple[str, ...] = ()
    earliest: int | None = None
    latest: int | None = None
    test: Reading | None = None


@dataclass(frozen=True)
class Field:
    """A column's text as far as its shapes tell it.

    Attributes:
        evidence: What all values look like.
        nulls: The words that mean nothing here, in any reading.
        soft_nulls: Words that mean nothing if the column turns out to be no text.
        core: The shapes of the other values.
        excel: Whether it is from a workbook.
    """

    evidence: Evidence
    nulls: tuple[str, ...]
    soft_nulls: tuple[str, ...]
    core: Mapping[str, int]
    excel: bool

    @property
    def name(self) -> str:
        """The column's name."""
        return self.evidence.column.name

    @property
    def valued(self) -> int:
        """How many of the counted values are no null words."""
        return sum(self.core.values())


def field(evidence: Evidence, nulls: tuple[str, ...], *, excel: bool) -> Field:
    """Set the null words apart from the values; the options' own list replaces the usual one."""
    shapes = evidence.shapes
    usual = tuple(sorted(words.ALWAYS_NULL)) if evidence.free else words.null_words(shapes)
    strong = nulls or usual
    soft = () if nulls else words.soft_null_words(shapes)
    empty = {*strong, *soft}
    return Field(evidence, strong, soft, {shape: n for shape, n in shapes.items() if shape not in empty}, excel)


def groups(column: Field, wish: Wish) -> tuple[Group, ...]:
    """The groups to try in turn; text is the last and always fits."""
    if wish.type in _IDS:
        return (Group((Rival(AsText(wish.type, floats=wish.type is ValueType.ID), wish.type.value),), share=0),)
    if wish.type is not None:
        return (_wished(column, wish),)
    if not column.valued:
        return (_text(),)
    return (*_offered(column), _text())


def _text() -> Group:
    return Group((Rival(AsText(), "text"),), share=0)


def _offered(column: Field) -> Iterator[Group]:
    if pair := _pair(column):
        yield Group((Rival(AsBoolean(*pair, form=_written(pair, column)), "boolean"),), also=("category",))
    yield from _dates(column)
    yield from _numbers(column)


def _pair(column: Field) -> tuple[str, str] | None:
    """Yes and no; a word such as 无 means no here although elsewhere it means nothing."""
    if column.evidence.free or len(column.core) > _MOST_SPELLINGS:
        return None
    return words.yes_no(shape.lower() for shape in column.core)


def _written(pair: tuple[str, str], column: Field) -> str:
    """The pair as the column writes it, `Yes/No`."""
    written = {shape.lower(): shape for shape in sorted(column.core, reverse=True)}
    return "/".join(written.get(word, word) for word in pair)


def _dates(column: Field) -> Iterator[Group]:
    patterns = dates.date_shapes(column.core)
    following = sum(patterns.values())
    if not following or following < column.valued * _MOST_DATES:
        return
    compact = all(pattern.label == COMPACT for pattern in patterns)
    if compact and words.hints_id(column.name):
        return
    rivals = tuple(_date_rivals(patterns))
    yield Group(
        rivals,
        share=1.0 if compact and not words.hints_time(column.name) else _MOST_DATES,
        also=("integer",) if compact else (),
        earliest=1900 if compact else None,
        latest=2100 if compact else None,
    )


def _date_rivals(patterns: Mapping[dates.Pattern, int]) -> Iterator[Rival]:
    """The orders that the shapes allow; where the time counts to twelve, the American one goes first."""
    found = dates.readings(patterns, days=not any(pattern.clock for pattern in patterns))
    american = any(pattern.half_days for pattern in patterns)
    orders = sorted(found, key=lambda order: (order != "M/D/Y") if american else 0)
    for order in orders:
        yield Rival(found[order], order or "date", order)


def _numbers(column: Field) -> Iterator[Group]:
    found = numbers.number_shapes(column.core)
    best = max(numbers.fitting(column.core, found, mark) for mark in ".,") if found else 0
    if not best or best < column.valued * _MOST_NUMBERS:
        return
    if words.hints_id(column.name) or _is_code(column, found):
        yield from _codes(column, found, best)
        return
    yield from _moments(column, found)
    if _by_tenths(found):
        yield Group((Rival(numbers.reading(found, ".", integral=True), "integer"),), share=best / column.valued)
    yield Group(tuple(_number_rivals(column, found)), share=_MOST_NUMBERS)


def _codes(column: Field, found: Mapping[str, numbers.NumberShape], best: int) -> Iterator[Group]:
    """Numbers that are keys: text, once it is sure that all of them are whole."""
    if best < column.valued:
        return
    long = any(min(each.whole.values()) > _LONGEST_NUMBER for each in found.values())
    test = None if long else numbers.reading(found, ".", integral=True)
    yield Group((Rival(AsText(ValueType.ID, floats=True), "id"),), also=() if long else ("integer",), test=test)


def _by_tenths(found: Mapping[str, numbers.NumberShape]) -> bool:
    """Whether every fraction is one digit long, as the `.0` that a float prints after a whole number."""
    places = {each.places.get(".", 9) for each in found.values()}
    return max(places) == 1


def _number_rivals(column: Field, found: Mapping[str, numbers.NumberShape]) -> Iterator[Rival]:
    """The decimal mark that fits more values; both, where they fit equally and it makes a difference."""
    fits = {mark: numbers.fitting(column.core, found, mark) for mark in ".,"}
    differ = any(each.places["."] != each.places[","] for each in found.values() if len(each.marks) > 1)
    best = [mark for mark in ".," if fits[mark] == max(fits.values())]
    for mark in best if differ else best[:1]:
        whole = all(each.places[mark] == 0 for each in found.values() if mark in each.marks)
        strict = column.evidence.free or fits[mark] < column.valued
        reading = numbers.reading(found, mark, integral=whole, strict=strict)
        yield Rival(reading, POINT if mark == "." else COMMA, mark)


def _is_code(column: Field, found: Mapping[str, numbers.NumberShape]) -> bool:
    """Leading zeros and more digits than a number holds make a code."""
    padded = sum(column.core[shape] for shape, each in found.items() if each.padded)
    long = any(min(each.whole.values()) > _LONGEST_NUMBER and not each.exponent for each in found.values())
    return long or padded * 100 > column.valued


def _moments(column: Field, found: Mapping[str, numbers.NumberShape]) -> Iterator[Group]:
    """Whole numbers that count time, where the column's name says that it is one."""
    if not words.hints_time(column.name) or len(found) != len(column.core):
        return
    digits = {min(each.whole.values()) for each in found.values()}
    for wide, milliseconds in ((_SECONDS, False), (_MILLISECONDS, True)):
        if (min(digits), max(digits)) == wide:
            rival = Rival(AsEpoch(milliseconds), EPOCHS[milliseconds])
            yield Group((rival,), also=("integer",), earliest=1990, latest=2060)
    if column.excel and digits == {5}:
        days = all(each.places["."] == 0 for each in found.values())
        yield Group((Rival(AsSerial(days), SERIAL),), also=("integer",), earliest=1950, latest=2060)


def _wished(column: Field, wish: Wish) -> Group:
    """The one group of a type that is already decided; it need not fit anything."""
    if wish.type is ValueType.BOOLEAN:
        return Group((_boolean(column),), share=0)
    if wish.type in {ValueType.DATE, ValueType.INSTANT}:
        return Group(_wished_dates(column, wish), share=0)
    found = numbers.number_shapes(column.core)
    rivals = tuple(_number_rivals(column, found)) or (Rival(AsNumber(), POINT, "."),)
    if wish.form in {COMMA, POINT}:
        mark = "," if wish.form == COMMA else "."
        rivals = (Rival(numbers.reading(found, mark), wish.form, mark),)
    integral = wish.type is ValueType.INTEGER
    return Group(tuple(_whole(rival, integral=integral) for rival in rivals), share=0)


def _whole(rival: Rival, *, integral: bool) -> Rival:
    reading = rival.reading
    return (
        Rival(replace(reading, integral=integral), rival.words, rival.order) if isinstance(reading, AsNumber) else rival
    )


def _boolean(column: Field) -> Rival:
    """The pair of words that covers most; 1 and 0 where none does."""
    counts: dict[str, int] = {}
    for shape, count in column.core.items():
        counts[shape.lower()] = counts.get(shape.lower(), 0) + count
    covered = {pair: sum(counts.get(word, 0) for word in pair) for pair in words.PAIRS}
    best = max(covered, key=lambda pair: covered[pair])
    pair = best if covered[best] else ("1", "0")
    return Rival(AsBoolean(*pair, form="/".join(pair)), "boolean")


def _wished_dates(column: Field, wish: Wish) -> tuple[Rival, ...]:
    days = wish.type is ValueType.DATE
    if wish.form in EPOCHS:
        return (Rival(AsEpoch(wish.form == EPOCHS[1]), wish.form or ""),)
    if wish.form == SERIAL:
        return (Rival(AsSerial(days), SERIAL),)
    patterns = dates.date_shapes(column.core)
    if not patterns:
        return _counted(column, days=days)
    found = dates.readings(patterns, days=days)
    if wish.form in found:
        return (Rival(found[wish.form or ""], wish.form or "", wish.form or ""),)
    return tuple(Rival(each, order or "date", order) for order, each in found.items())


def _counted(column: Field, *, days: bool) -> tuple[Rival, ...]:
    """A column that must be dates but has no date's shape: perhaps it counts time."""
    found = numbers.number_shapes(column.core)
    digits = {min(each.whole.values()) for each in found.values()}
    if digits in ({10}, {13}):
        milliseconds = digits == {13}
        return (Rival(AsEpoch(milliseconds), EPOCHS[milliseconds]),)
    if digits == {5}:
        return (Rival(AsSerial(days), SERIAL),)
    return (Rival(AsDate(("%Y-%m-%d",), days=days, form="Y-M-D"), "date"),)
