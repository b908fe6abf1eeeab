"""What a scheme does with the customers that there are, as values for pages, files and checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from carpel.kernel.issues import Issue


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """What one rule takes from another that comes after it on the same level.

    Attributes:
        taker: The segment that has the customers.
        loser: The later segment whose rule is true of them too.
        customers: How many.
        example: One of them.
    """

    taker: str
    loser: str
    customers: int
    example: str


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Two siblings that differ in nothing that matters.

    Attributes:
        one: The earlier.
        other: The later.
        compared: How many attributes were compared.
        attribute: The one in which they differ most.
        effect: By how much: standard deviations for a number, Cramér's V for a category.
    """

    one: str
    other: str
    compared: int
    attribute: str
    effect: float


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a scheme's rules do with the customers of one moment.

    Attributes:
        customers: How many each leaf has by the rules alone, whoever may be held elsewhere.
        came: For each segment with a rule, to how many customers it was put: no earlier one had taken them.
        missed: To how many of those it is neither true nor false, as a value is unknown.
        overlaps: What each rule takes from those after it, in the scheme's order.
        alike: Siblings that differ in nothing that matters.
        issues: What somebody should look at.
    """

    customers: Mapping[str, int]
    came: Mapping[str, int]
    missed: Mapping[str, int]
    overlaps: tuple[Overlap, ...]
    alike: tuple[Alike, ...]
    issues: tuple[Issue, ...] = field(default=())

    @property
    def base(self) -> int:
        """Everyone whom the scheme divides."""
        return sum(self.customers.values())
