"""Errors name the culprit and the nearest remedy, as a message key with parameters."""

from collections.abc import Collection
from difflib import get_close_matches

from carpel.kernel.texts import Labels, Parameter, Text, text


class CarpelError(Exception):
    """Something the user can understand and mend; faces show its text and exit with 1.

    Subclasses live in the stage that raises them, and only where a caller must tell them apart.

    Attributes:
        text: What went wrong and what to do, to be rendered in the reader's language.
        place: Where: a file, `file:line:column`, a table, a segment; None when nowhere in particular.
    """

    def __init__(self, key: str, /, *, place: str | None = None, **params: Parameter) -> None:
        self.text: Text = text(key, **params)
        self.place = place
        super().__init__(key)

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else str(self.text)


def nearest(name: str, known: Collection[str]) -> Text | Labels:
    """A hint such as "Did you mean recency_days or frequency?"; nothing where nothing is near."""
    folded = {each.casefold(): each for each in sorted(known)}
    near = [folded[each] for each in get_close_matches(name.casefold(), folded, n=2, cutoff=0.6)]
    if not near:
        return Labels({})
    if len(near) == 1:
        return text("kernel.did-you-mean", name=near[0])
    return text("kernel.did-you-mean-either", first=near[0], second=near[1])
