"""What somebody typed into a search, taken apart as names are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from carpel.runs.views.searching.folding import folded, signs_of, words_of
from carpel.runs.views.searching.phones import Number, number_of

_AROUND: Final = "<>()[]{},;:\"'"
"""What stands around an e-mail address where it is copied from."""


@dataclass(frozen=True)
class TypedPart:
    """What stands between two spaces.

    Attributes:
        words: Its words: `sari-sari` has two.
        addresses: What it may be the beginning of, as an e-mail address.
    """

    words: tuple[str, ...]
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Typed:
    """One search.

    Attributes:
        whole: All of it as it was typed; nothing where only blanks were.
        address: All of it, folded.
        parts: What has words in it.
        signs: All signs, where there is no word at all.
        number: The phone number that it may be.
    """

    whole: str
    address: str
    parts: tuple[TypedPart, ...]
    signs: tuple[str, ...]
    number: Number | None

    @classmethod
    def of(cls, query: str) -> Typed:
        """Take a search apart."""
        # What is no text at all is nobody's name.
        whole = query.strip().encode("utf-8", "replace").decode("utf-8")
        plain: Any = folded(pa.array([whole], pa.string()))[0].as_py()
        parts = tuple(part for part in map(_part, plain.split()) if part.words)
        return cls(whole, plain.strip(), parts, () if parts else signs_of(plain), number_of(plain.strip()))


def _part(text: str) -> TypedPart:
    return TypedPart(words_of(text), tuple(dict.fromkeys((text, text.strip(_AROUND)))))
