"""What an expression may name."""

from dataclasses import dataclass

from carpel.kernel.types import ValueType


@dataclass(frozen=True)
class Symbol:
    """A named value: an attribute in a rule, a column in an attribute's definition.

    Attributes:
        name: As written in expressions.
        type: What it holds.
        values: For a category with a fixed list, that list; comparing with another value is an error.
    """

    name: str
    type: ValueType
    values: tuple[str, ...] = ()
