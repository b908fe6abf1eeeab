"""Readings: ways to understand a column's text, each as SQL that gives a typed value, or null where it does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

from carpel.kernel.types import ValueType
from carpel.sources.reading.scratch import literal

EXACT: Final = "DECIMAL(38, 6)"
"""Decimals that are kept exactly: six places, as money needs at most."""


class Reading(Protocol):
    """One way to understand a column."""

    @property
    def type(self) -> ValueType:
        """What its values are."""
        ...

    @property
    def form(self) -> str | None:
        """How they are written; what `ReadOptions.types` takes to ask for it."""
        ...

    def sql(self, text: str) -> str:
        """SQL of the typed value of a text."""
        ...


@dataclass(frozen=True)
class AsText:
    """The text as it is; integral numbers that a float printed, as 17850.0, lose the `.0`."""

    type: ValueType = ValueType.TEXT
    floats: bool = False
    form: str | None = None

    def sql(self, text: str) -> str:
        """The text."""
        if not self.floats:
            return text
        return f"CASE WHEN regexp_full_match({text}, '-?[0-9]+\\.0+') THEN split_part({text}, '.', 1) ELSE {text} END"


@dataclass(frozen=True)
class AsBoolean:
    """Two words, such as Yes and No, in any case."""

    yes: str
    no: str
    form: str | None = None
    type: ValueType = ValueType.BOOLEAN

    def sql(self, text: str) -> str:
        """True, false, or null for any other word."""
        return f"CASE lower({text}) WHEN {literal(self.yes)} THEN true WHEN {literal(self.no)} THEN false END"


@dataclass(frozen=True)
class AsNumber:
    """Numbers as people and programs write them.

    Attributes:
        decimal: The decimal mark.
        thousands: Marks between thousands, to be taken out.
        affixes: Currency signs and the like, to be taken out; longest first.
        percent: Whether a trailing % divides by a hundred.
        brackets: Whether (5) means -5.
        trailing: Whether 5- means -5.
        exact: Whether six decimal places suffice for every value.
        wide: Whether values have more than twelve digits before the decimal mark.
        integral: Whether all values are whole.
        strict: Whether values must be tested first, because some are known not to fit: 1,5 is not 15.
    """

    decimal: str = "."
    thousands: str = ""
    affixes: tuple[str, ...] = ()
    percent: bool = False
    brackets: bool = False
    trailing: bool = False
    exact: bool = True
    wide: bool = False
    integral: bool = False
    strict: bool = False
    form: str | None = None

    @property
    def type(self) -> ValueType:
        """A whole number, or any number."""
        return ValueType.INTEGER if self.integral else ValueType.NUMBER

    @property
    def stored(self) -> str:
        """The SQL type that keeps its values."""
        if self.integral:
            return "BIGINT"
        return EXACT if self.exact else "DOUBLE"

    def sql(self, text: str) -> str:
        """The number."""
        plain = self._plain(text)
        number = self._cast(plain)
        if self.brackets:
            number = f"CASE WHEN starts_with({text}, '(') THEN -{number} ELSE {number} END"
        if self.percent:
            number = f"CASE WHEN ends_with({text}, '%') THEN CAST({number} / 100 AS {self.stored}) ELSE {number} END"
        return number

    def _plain(self, text: str) -> str:
        plain = text
        for affix in self.affixes:
            plain = f"replace({plain}, {literal(affix)}, '')"
        dropped = self.thousands + ("%" if self.percent else "") + ("()" if self.brackets else "")
        if self.strict:
            plain = f"CASE WHEN regexp_full_match({plain}, {literal(self._pattern())}) THEN {plain} END"
        if dropped:
            plain = f"translate({plain}, {literal(dropped)}, '')"
        if self.decimal == ",":
            plain = f"replace({plain}, ',', '.')"
        if self.trailing:
            plain = f"CASE WHEN ends_with({plain}, '-') THEN '-' || rtrim({plain}, '-') ELSE {plain} END"
        return plain if plain == text else f"trim({plain})"

    def _pattern(self) -> str:
        """What is left of a number when its units are taken out."""
        grouped = (
            f"[0-9]{{1,3}}([{self.thousands}][0-9]{{2,3}})*[{self.thousands}][0-9]{{3}}|" if self.thousands else ""
        )
        mark = "\\." if self.decimal == "." else ","
        return rf"\(? *[+-]? *({grouped}[0-9]*)({mark}[0-9]*)?([eE][+-]?[0-9]+)? *%?-?\)?"

    def _cast(self, plain: str) -> str:
        if self.integral:
            whole = f"CASE WHEN NOT contains({plain}, '.') THEN TRY_CAST({plain} AS BIGINT) END"
            return f"coalesce({whole}, {_whole(plain)})"
        if not self.exact:
            number = f"TRY_CAST({plain} AS DOUBLE)"
            return f"CASE WHEN isfinite({number}) THEN {number} END"
        narrow = "DECIMAL(38, 6)" if self.wide else "DECIMAL(18, 6)"
        return f"CAST(TRY_CAST({plain} AS {narrow}) AS {EXACT})"


def _whole(plain: str) -> str:
    """The whole number that `17850.0` or `1e3` is; nothing for 17850.5."""
    number = f"TRY_CAST({plain} AS DOUBLE)"
    return f"CASE WHEN {number} = floor({number}) THEN TRY_CAST({number} AS BIGINT) END"


@dataclass(frozen=True)
class AsDate:
    """Days or moments by one or more patterns, tried in turn.

    Attributes:
        patterns: DuckDB's, years of two digits first.
        zoned: Those of the patterns that hold a zone.
        days: Whether only the day matters.
    """

    patterns: tuple[str, ...]
    zoned: tuple[str, ...] = ()
    days: bool = True
    form: str | None = None

    @property
    def type(self) -> ValueType:
        """A day or a moment."""
        return ValueType.DATE if self.days else ValueType.INSTANT

    def sql(self, text: str) -> str:
        """The day, or the moment: as written, or UTC where a zone was written."""
        moments = []
        if self.patterns:
            moments.append(f"try_strptime({text}, {_list(self.patterns)})")
        if self.zoned:
            moments.append(_in_utc(text, self.zoned))
        moment = f"coalesce({', '.join(moments)})"
        # A year of three digits is a slip of the pen, and DuckDB would take it.
        moment = f"CASE WHEN {moment} >= TIMESTAMP '1000-01-01' THEN {moment} END"
        return f"CAST({moment} AS DATE)" if self.days else f"CAST({moment} AS TIMESTAMP)"


def _in_utc(text: str, patterns: tuple[str, ...]) -> str:
    """DuckDB reads +08:00 by %z, but neither Z nor GMT."""
    offset = f"regexp_replace({text}, ' ?(Z|UTC|GMT)$', '+00')"
    return f"(try_strptime({offset}, {_list(patterns)}) AT TIME ZONE 'UTC')"


def _list(patterns: tuple[str, ...]) -> str:
    return f"[{', '.join(map(literal, patterns))}]"


@dataclass(frozen=True)
class AsEpoch:
    """Seconds or milliseconds since 1970, in UTC."""

    milliseconds: bool = False
    type: ValueType = ValueType.INSTANT

    @property
    def form(self) -> str:
        """Its name."""
        return "unix milliseconds" if self.milliseconds else "unix seconds"

    def sql(self, text: str) -> str:
        """The moment, UTC."""
        number = f"TRY_CAST(TRY_CAST({text} AS DOUBLE) * {1_000 if self.milliseconds else 1_000_000} AS BIGINT)"
        return f"CASE WHEN {number} BETWEEN 0 AND 4102444800000000 THEN make_timestamp({number}) END"


@dataclass(frozen=True)
class AsSerial:
    """Excel's days since the end of 1899, with the time as a fraction."""

    days: bool = True
    form: str = "Excel serial"

    @property
    def type(self) -> ValueType:
        """A day or a moment."""
        return ValueType.DATE if self.days else ValueType.INSTANT

    def sql(self, text: str) -> str:
        """The day or moment, as written."""
        number = f"TRY_CAST({text} AS DOUBLE)"
        seconds = f"TRY_CAST(round({number} * 86400) AS BIGINT)"
        moment = f"(TIMESTAMP '1899-12-30' + to_seconds({seconds}))"
        valid = f"CASE WHEN {number} BETWEEN 1 AND 73050 THEN {moment} END"
        return f"CAST({valid} AS DATE)" if self.days else f"CAST({valid} AS TIMESTAMP)"


@dataclass(frozen=True)
class Native:
    """A value that the file itself has typed.

    Attributes:
        type: What it is read as.
        value: SQL of it, already typed; the text is not looked at.
        form: How it was stored, where that says something.
    """

    type: ValueType
    value: str
    form: str | None = None
    zoned: bool = field(default=False)

    def sql(self, text: str) -> str:  # noqa: ARG002 - a native value needs no text
        """The value."""
        return self.value
