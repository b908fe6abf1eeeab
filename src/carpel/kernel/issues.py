"""What a check found: it neither raises nor mends."""

from dataclasses import dataclass
from enum import StrEnum

from carpel.kernel.texts import Text


class Severity(StrEnum):
    """How much an issue matters."""

    ERROR = "error"
    """Nothing may be published or become current while it stands."""
    WARNING = "warning"
    """Work goes on; somebody should look."""
    NOTE = "note"
    """Said so that no decision is silent."""


@dataclass(frozen=True, kw_only=True)
class Issue:
    """One finding of a check.

    Attributes:
        severity: How much it matters.
        text: What was found and what to do about it.
        place: The file, table, column, segment or rule that it concerns.
        count: How many rows or customers it concerns; None where counting means nothing.
        examples: Up to five values, ids or rows, as the source had them.
    """

    severity: Severity
    text: Text
    place: str
    count: int | None = None
    examples: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The message key, stable for scripts."""
        return self.text.key
