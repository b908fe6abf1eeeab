"""Words of a source met with the words that a contract knows."""

from __future__ import annotations

from typing import Any, Final

import ibis

OTHER: Final = "other"


def recognised(value: Any, known: tuple[str, ...]) -> Any:
    """The contract's word, however it is capitalised or spaced; `other` where there is one, else nothing."""
    word = value.lower().strip().re_replace(r"[\s-]+", "_")
    rest = ibis.literal(OTHER) if OTHER in known else ibis.null("string")
    return ibis.cases((value.isnull(), ibis.null("string")), (word.isin(known), word), else_=rest)
