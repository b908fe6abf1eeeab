"""Arbitrary expressions as text, and arbitrary rows."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from carpel.kernel.types import ValueType
from tests.kernel.language.rows import SYMBOLS

ODD = "aAbB ßſİıŉǅΣςﬁẞ北京繁體ñ😀e\u0301%_\\'\"`\n\t\u0000\uffff\U0010ffff"
texts = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=6)
numbers = st.one_of(
    st.floats(),
    st.floats(-1000, 1000),
    st.sampled_from([0.0, -0.0, 0.5, 1.5, 2.5, -0.5, 0.49999999999999994, 1e308, -1e308, 1e19, 2.0**53, 5e-324]),
)
integers = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.integers(-5, 200), st.sampled_from([2**53 + 1, 2**63 - 1, -(2**63)])
)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))
moments = st.datetimes()
sets = st.lists(st.one_of(texts, st.sampled_from(["P1", "P2"])), unique=True, max_size=4).map(sorted)

_VALUES = {
    ValueType.ID: texts,
    ValueType.TEXT: texts,
    ValueType.INTEGER: integers,
    ValueType.NUMBER: numbers,
    ValueType.SHARE: st.one_of(st.floats(0, 1), st.just(float("nan"))),
    ValueType.MONEY: integers,
    ValueType.BOOLEAN: st.booleans(),
    ValueType.DATE: days,
    ValueType.INSTANT: moments,
    ValueType.SET: sets,
}

rows = st.fixed_dictionaries(
    {
        name: st.none() | (st.sampled_from(symbol.values) if symbol.values else _VALUES[symbol.type])
        for name, symbol in SYMBOLS.items()
    }
)


def _named(*types: ValueType) -> SearchStrategy[str]:
    names = [name for name, symbol in SYMBOLS.items() if symbol.type in types and name.isidentifier()]
    return st.sampled_from(names)


def quoted(text: str) -> str:
    """A text as it is written in an expression."""
    return "'" + text.replace("'", "''") + "'"


_printable = st.text(
    st.one_of(st.sampled_from("aAbß北😀%_ '"), st.characters(exclude_categories=["Cs", "Cc"])), max_size=5
).map(quoted)
_pattern = st.text(st.sampled_from("aAbB%_北😀ß."), max_size=6).map(quoted)
_escaped = st.lists(st.sampled_from(["a", "\\%", "%", "_", "\\_", "\\\\", "北", ".", "*", "\\a"]), max_size=5).map(
    lambda pieces: quoted("".join(pieces))
)
_figure = st.one_of(
    st.integers(0, 300).map(str),
    st.integers(0, 2**63 + 5).map(str),
    st.floats(0, allow_infinity=False, allow_nan=False).map(repr),
    st.floats(0, 100).map(repr),
)
_day = days.map(lambda day: quoted(day.isoformat()))
_moment = moments.map(lambda moment: quoted(moment.isoformat()))
_order = st.sampled_from(["=", "<>", "!=", "<", "<=", ">", ">="])
_equality = st.sampled_from(["=", "<>"])
_not = st.sampled_from(["", "not "])


def _joined(*parts: SearchStrategy[str] | str) -> SearchStrategy[str]:
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


def number(depth: int) -> SearchStrategy[str]:
    """A number, at most so many calculations deep."""
    name = _named(ValueType.INTEGER, ValueType.NUMBER, ValueType.SHARE, ValueType.MONEY)
    if not depth:
        return name | _figure
    inner = st.deferred(lambda: number(depth - 1))
    words = st.deferred(lambda: text(depth - 1))
    when = st.deferred(lambda: day(depth - 1))
    return st.one_of(
        name,
        _figure,
        _joined("(", inner, st.sampled_from([" + ", " - ", " * ", " / "]), inner, ")"),
        _joined("- ", inner),
        _joined(st.sampled_from(["abs", "round", "floor", "ceil"]), "(", inner, ")"),
        _joined("round(", inner, ", ", st.integers(0, 9).map(str), ")"),
        _joined(st.sampled_from(["least", "greatest", "coalesce"]), "(", inner, ", ", inner, ", ", inner, ")"),
        _joined("coalesce(", inner, ", null)"),
        _joined("length(", words, ")"),
        _joined("length(products_owned)"),
        _joined("days_between(", when, ", ", when, ")"),
        _joined(st.sampled_from(["year", "month"]), "(", when, ")"),
    )


def text(depth: int) -> SearchStrategy[str]:
    """A text."""
    name = _named(ValueType.TEXT, ValueType.ID)
    if not depth:
        return name | _printable
    inner = st.deferred(lambda: text(depth - 1))
    return st.one_of(
        name,
        _printable,
        _joined(st.sampled_from(["lower", "upper"]), "(", inner, ")"),
        _joined(st.sampled_from(["least", "greatest", "coalesce"]), "(", inner, ", ", inner, ")"),
    )


def day(depth: int) -> SearchStrategy[str]:
    """A date."""
    name = _named(ValueType.DATE, ValueType.INSTANT)
    if not depth:
        return name
    inner = st.deferred(lambda: day(depth - 1))
    return st.one_of(name, _joined(st.sampled_from(["least", "greatest", "coalesce"]), "(", inner, ", ", inner, ")"))


def condition(depth: int) -> SearchStrategy[str]:
    """A condition."""
    category = _named(ValueType.CATEGORY)
    value = st.sampled_from(["'P1'", "'P2'"]) | _printable
    simple = st.one_of(
        _named(ValueType.BOOLEAN),
        _joined("kind ", _equality, st.sampled_from([" 'consumer'", " 'business'"])),
        _joined("kind ", _not, "in ('consumer', 'reseller')"),
        _joined(category, " ", _order, " name"),
        _joined(value, " ", _not, "in products_owned"),
        _joined(_named(ValueType.TEXT), " ", _not, "in products_owned"),
        _joined("owns(", value, ")"),
        _joined("birth_date ", _order, " ", _day),
        _joined("acquired_at ", _order, " ", _moment | _day),
        _joined("birth_date ", _not, "between ", _day, " and ", _named(ValueType.DATE)),
        _joined("birth_date ", _not, "in (", _day, ", ", _day, ")"),
        _joined("products_owned is ", _not, "null"),
        st.sampled_from(["true", "false", "active = subscribed", "active <> true"]),
    )
    if not depth:
        return simple
    inner = st.deferred(lambda: condition(depth - 1))
    some = st.deferred(lambda: number(depth))
    words = st.deferred(lambda: text(depth))
    when = st.deferred(lambda: day(depth))
    return st.one_of(
        simple,
        _joined(some, " ", _order, " ", some),
        _joined(some, " ", _not, "between ", some, " and ", some),
        _joined(some, " ", _not, "in (", _figure, ", -", _figure, ")"),
        _joined(some, " is ", _not, "null"),
        _joined(words, " ", _order, " ", words),
        _joined(words, " ", _not, "in (", _printable, ", ", _printable, ")"),
        _joined(words, " ", _not, "like ", _pattern | _escaped),
        _joined(when, " ", _order, " ", when),
        _joined("(", inner, st.sampled_from([" and ", " or "]), inner, ")"),
        _joined("not ", inner),
        _joined("(", inner, ") = coalesce(", inner, ", true)"),
        _joined("(", inner, ") is ", _not, "null"),
        _joined("(", inner, ") ", _not, "in (true)"),
    )
