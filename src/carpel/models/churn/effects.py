"""What goes with staying, all else that is known being equal.

Customers in the upper quarter of an attribute are compared with those in the lower quarter, or those of a value with
all others, within fifths of like risk as the model sees it without that attribute. The differences in the share of
those who stayed are summed with Mantel's and Haenszel's weights (n1 n0 / n); the variance is the sum of the binomial
ones. Source: Greenland and Robins, Biometrics 41 (1985).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from carpel.kernel.texts import Labels, Text, text
from carpel.models.cards import Effect
from carpel.models.frames import Feature, Frame, Kind

FIFTHS: Final = 5
FEWEST: Final = 20
"""Customers on either side."""
_Z: Final = 1.96
_QUARTERS: Final = (0.25, 0.75)

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


def effects(
    frame: Frame, stayed: Numbers, contributions: Numbers, labels: dict[str, Text | Labels], most: int
) -> tuple[Effect, ...]:
    """The attributes that go most with staying, the greatest difference beyond chance first.

    Args:
        frame: Customers whom nobody had learned from.
        stayed: 1 for those who did.
        contributions: What each feature adds to the log odds of leaving, (customers, features).
        labels: Names of attributes.
        most: How many to give.
    """
    whole = contributions.sum(axis=1)
    found = []
    for place, feature in enumerate(frame.features):
        sides = _sides(frame.values[:, place], feature)
        if sides is None:
            continue
        of, upper, lower = sides
        difference = _difference(upper, lower, stayed, whole - contributions[:, place])
        if difference is not None:
            effect, reach = difference
            found.append(
                Effect(
                    key=feature.key,
                    label=labels.get(feature.key, feature.label),
                    of=of,
                    effect=effect,
                    low=effect - reach,
                    high=effect + reach,
                )
            )
    told = [each for each in found if each.low > 0 or each.high < 0]
    return tuple(sorted(told, key=lambda each: (-min(abs(each.low), abs(each.high)), each.key))[:most])


def _sides(values: Numbers, feature: Feature) -> tuple[Text, Flags, Flags] | None:
    """Who is compared with whom; None where there are too few on one side."""
    known = values[np.isfinite(values)]
    if len(known) < 2 * FEWEST:
        return None
    if feature.kind is Kind.CATEGORY:
        levels = known[known < len(feature.levels)]
        if not len(levels):
            return None
        commonest = int(np.bincount(levels.astype(np.int64)).argmax())
        of = text("models.effect-level", value=feature.levels[commonest])
        upper, lower = values == commonest, np.isfinite(values) & (values != commonest)
    else:
        low, high = (float(each) for each in np.quantile(known, _QUARTERS))
        of = text("models.effect-quarters")
        upper, lower = values >= high, values <= low
        if high <= low:
            upper, lower = values > low, values <= low
            of = text("models.effect-above", value=_plain(low))
    if min(int(upper.sum()), int(lower.sum())) < FEWEST:
        return None
    return of, upper, lower


def _difference(upper: Flags, lower: Flags, stayed: Numbers, rest: Numbers) -> tuple[float, float] | None:
    """The adjusted difference in the share of those who stayed, and how far its 95 % interval reaches."""
    cuts = np.unique(np.quantile(rest, np.arange(1, FIFTHS) / FIFTHS))
    strata = np.searchsorted(cuts, rest, side="right")
    weights, differences, variances = [], [], []
    for stratum in range(len(cuts) + 1):
        one, other = stayed[upper & (strata == stratum)], stayed[lower & (strata == stratum)]
        if not len(one) or not len(other):
            continue
        first, second = (one.sum() + 0.5) / (len(one) + 1), (other.sum() + 0.5) / (len(other) + 1)
        weights.append(len(one) * len(other) / (len(one) + len(other)))
        differences.append(float(one.mean() - other.mean()))
        variances.append(first * (1 - first) / len(one) + second * (1 - second) / len(other))
    if not weights:
        return None
    weight = np.array(weights) / np.sum(weights)
    return float(weight @ np.array(differences)), _Z * float(np.sqrt(weight**2 @ np.array(variances)))


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)
