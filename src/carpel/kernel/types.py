"""The types a value can have, from a fact's column to an attribute and a rule."""

from enum import StrEnum


class ValueType(StrEnum):
    """What a value is, and how it is stored in Parquet.

    In rules, `MONEY` counts in major units (1.50), whatever its storage; `DATE` and `INSTANT` compare with
    quoted dates.
    """

    ID = "id"
    """A key; text, never a number."""
    TEXT = "text"
    """Free text."""
    CATEGORY = "category"
    """Text from a short list of values."""
    INTEGER = "integer"
    """A whole number; int64."""
    NUMBER = "number"
    """Any number; float64. Not a number and infinities are stored as null."""
    SHARE = "share"
    """A part of a whole, 0 to 1; float64."""
    MONEY = "money"
    """Whole minor units of the reporting currency; int64."""
    BOOLEAN = "boolean"
    """True or false."""
    DATE = "date"
    """A day in the workspace's time zone; date32."""
    INSTANT = "instant"
    """A moment; timestamp in microseconds, UTC, stored without a zone."""
    SET = "set"
    """Distinct texts in ascending order; list of string."""

    @property
    def is_numeric(self) -> bool:
        """Whether arithmetic and order by size apply."""
        return self in {ValueType.INTEGER, ValueType.NUMBER, ValueType.SHARE, ValueType.MONEY}

    @property
    def is_text(self) -> bool:
        """Whether the value is written as text."""
        return self in {ValueType.ID, ValueType.TEXT, ValueType.CATEGORY}

    @property
    def ibis(self) -> str:
        """The Ibis data type of its stored form."""
        return _IBIS[self]


_IBIS = {
    ValueType.ID: "string",
    ValueType.TEXT: "string",
    ValueType.CATEGORY: "string",
    ValueType.INTEGER: "int64",
    ValueType.NUMBER: "float64",
    ValueType.SHARE: "float64",
    ValueType.MONEY: "int64",
    ValueType.BOOLEAN: "boolean",
    ValueType.DATE: "date",
    ValueType.INSTANT: "timestamp(6)",
    ValueType.SET: "array<string>",
}
