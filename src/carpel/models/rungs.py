"""The ladder: what can be said where there is little to learn from."""

from enum import StrEnum

from carpel.kernel.texts import Text, text


class Rung(StrEnum):
    """How much was learned."""

    RULE = "rule"
    """One rate for everybody."""
    POOLED = "pooled"
    """A customer's own figures, pulled to those of others where they are few."""
    MODEL = "model"
    """All that is known of a customer."""

    @property
    def label(self) -> Text:
        """Its name in the reader's language."""
        return text(f"models.rung-{self}")
