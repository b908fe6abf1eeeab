"""Several reasons in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carpel.kernel.texts import DEFAULT_LANGUAGE
from carpel.models.intent.words import Reason

_BETWEEN: Final = {"zh-Hans": "、", "zh-Hant": "、"}


@dataclass(frozen=True)
class Named:
    """Reasons by name."""

    reasons: tuple[Reason, ...]

    def render(self, language: str = DEFAULT_LANGUAGE) -> str:
        """As a reader of that language reads them."""
        return _BETWEEN.get(language, ", ").join(each.label.render(language) for each in self.reasons)
