"""What Spark answers otherwise than DuckDB, or not at all: the only table of it.

Nothing that Carpel computes may need one of these, but for what people may write in rules, where the gap is theirs to
know. A test that meets a gap must fail; where it passes, the gap has closed, and its line here has to go.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pytest


class When(StrEnum):
    """When a gap may close."""

    NOT_IMPLEMENTED = "not implemented"
    """Ibis does not build it for Spark."""
    NOT_YET = "not yet"
    """Ibis builds it wrongly; a later release may mend it."""
    NEVER = "never"
    """The engines mean different things by it."""


@dataclass(frozen=True)
class Gap:
    """One gap.

    Attributes:
        when: When it may close.
        why: What Spark does.
        instead: What stages write.
    """

    when: When
    why: str
    instead: str = ""


GAPS: Final[Mapping[str, Gap]] = {
    "upper(name)": Gap(When.NEVER, "Java writes the capital of \N{LATIN SMALL LETTER SHARP S} as SS"),
    "median where": Gap(When.NOT_YET, "the condition is put on the 0.5 too", "a median of ifelse(where, value, None)"),
    "quantile between": Gap(When.NEVER, "the last bit between two values is another", "round(6) behind it"),
    "most with unknown": Gap(When.NEVER, "an unknown part ranks below all others, not above", "profiles' rank()"),
    "mode": Gap(When.NOT_YET, "of equally frequent values either may be given", "argmax by count and value"),
    "kurtosis": Gap(When.NOT_IMPLEMENTED, "no such aggregate", "nothing needs it"),
    "first in order": Gap(When.NOT_IMPLEMENTED, "no order within aggregates", "argmin by what orders"),
    "collected in order": Gap(When.NOT_IMPLEMENTED, "no order within aggregates", "collect().sort()"),
    "latest before": Gap(When.NOT_IMPLEMENTED, "no as-of join", "a union and a running maximum"),
    "hash": Gap(When.NEVER, "each engine has its own", "hexdigest"),
    "half to whole": Gap(When.NEVER, "a cast truncates", "round() or floor(), then cast"),
    "divided by nothing": Gap(When.NEVER, "an error, not infinite", "divide by nullif(0)"),
    "hours between": Gap(When.NEVER, "whole hours elapsed, not boundaries crossed", "days between dates"),
    "months between": Gap(When.NEVER, "whole months elapsed, not boundaries crossed", "days between dates"),
}


def met(name: str, *values: Any) -> Any:
    """A case for pytest; one with a gap is expected to fail, and fails if it does not."""
    gap = GAPS.get(name)
    marks = [pytest.mark.xfail(reason=f"{gap.when}: {gap.why}", strict=True)] if gap else []
    return pytest.param(name, *values, id=name, marks=marks)
