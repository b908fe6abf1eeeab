"""Who is learned from, who calibrates, and who judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from carpel.models.frames.frame import Rows

SHARES: Final = (0.6, 0.2, 0.2)
"""Of customers learned from, those who calibrate, and those who judge."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Blocks:
    """Three sets of rows without any in common.

    Attributes:
        train: To learn from, in the order of time where there is one.
        calibrate: Later ones; nobody has learned from them.
        test: Later still; nobody has learned or calibrated by them.
        dated: Whether later means anything. If not, leakage cannot be excluded.
    """

    train: Rows
    calibrate: Rows
    test: Rows
    dated: bool


def by_time(
    times: npt.ArrayLike, fingerprints: npt.NDArray[np.uint64], shares: tuple[float, float, float] = SHARES
) -> Blocks:
    """Blocks in the order of time; rows of one moment stay in one block.

    Args:
        times: When each row's features were known.
        fingerprints: What orders rows of one moment, so that the order in which they come means nothing.
        shares: Of each block.
    """
    at = np.asarray(times)
    order = np.lexsort((fingerprints, at))
    moments, starts = np.unique(at[order], return_index=True)
    cuts = [_nearest(starts, len(order) * share) for share in np.cumsum(shares)[:2]]
    if len(moments) < len(shares):
        cuts = [round(len(order) * share) for share in np.cumsum(shares)[:2]]
    train, calibrate, test = np.split(order, cuts)
    return Blocks(train=train, calibrate=calibrate, test=test, dated=len(moments) >= len(shares))


def at_random(fingerprints: npt.NDArray[np.uint64], shares: tuple[float, float, float] = SHARES) -> Blocks:
    """Blocks where nothing is dated; which row falls where follows from the row alone."""
    order = np.argsort(fingerprints, kind="stable")
    train, calibrate, test = np.split(order, [round(len(order) * share) for share in np.cumsum(shares)[:2]])
    return Blocks(train=train, calibrate=calibrate, test=test, dated=False)


def _nearest(starts: Rows, wish: float) -> int:
    return int(starts[np.abs(starts - wish).argmin()])
