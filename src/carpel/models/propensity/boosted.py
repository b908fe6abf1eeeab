"""The elaborate learner: boosted trees, which find thresholds and what only counts together."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Self

import numpy as np
import numpy.typing as npt

from carpel.kernel.errors import CarpelError
from carpel.models.frames import Frame, Kind
from carpel.models.frames.frame import Column

SEED: Final = 20_260_101
_MOST_TREES: Final = 400
_PATIENCE: Final = 30
_HELD_BACK: Final = 0.2
_THREADS: Final = 1
"""More would wait for one another, busily: beside other work on the same cores forty times as long."""
_CAUTION: Final = 50
"""How strongly values of a category that few customers have are pulled to no effect: they change with time."""
_LARGE: Final = 50_000
"""Customers from whom on a second thread helps; with fewer the two wait for each other."""
_SETTINGS: Final[dict[str, Any]] = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 15,
    "min_data_in_leaf": 40,
    "lambda_l2": 5.0,
    "cat_smooth": _CAUTION,
    "cat_l2": _CAUTION,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": SEED,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": _THREADS,
    "verbosity": -1,
}


class Boosted:
    """Gradient-boosted trees (LightGBM), as many as a fifth that is held back calls for.

    Raises:
        CarpelError: LightGBM cannot be loaded here; where, it says what to install.
    """

    title: ClassVar[str] = "boosted trees"

    def __init__(self) -> None:
        self._booster: Any = None

    def fit(self, frame: Frame, outcome: Column) -> Self:
        """Learn from customers of whom it is known, 1 or 0; the order of rows means nothing."""
        lightgbm = _lightgbm()
        order = np.argsort(frame.fingerprints(), kind="stable")
        values, happened = frame.values[order], outcome[order]
        cut = frame.rows - max(1, round(frame.rows * _HELD_BACK))
        categories = [place for place, each in enumerate(frame.features) if each.kind is Kind.CATEGORY]
        settings = _SETTINGS | {"num_threads": 1 if frame.rows < _LARGE else 2}
        options = {"categorical_feature": categories, "free_raw_data": False}
        some = lightgbm.Dataset(values[:cut], happened[:cut], **options)
        rest = lightgbm.Dataset(values[cut:], happened[cut:], reference=some, **options)
        stop = lightgbm.early_stopping(_PATIENCE, verbose=False)
        found = lightgbm.train(settings, some, _MOST_TREES, valid_sets=[rest], callbacks=[stop])
        trees = max(1, found.best_iteration)
        whole = lightgbm.Dataset(values, happened, **options)
        self._booster = lightgbm.train(settings, whole, trees)
        return self

    def log_odds(self, frame: Frame) -> Column:
        """Of each customer, before calibration."""
        return np.asarray(self._booster.predict(frame.values, raw_score=True), dtype=np.float64)

    def contributions(self, frame: Frame) -> npt.NDArray[np.float64]:
        """What each feature adds to each customer's log odds: exact Shapley values of the trees."""
        found = self._booster.predict(frame.values, pred_contrib=True)
        return np.asarray(found, dtype=np.float64)[:, :-1]

    def to_json(self) -> dict[str, Any]:
        """What was learned, in plain values."""
        return {"trees": self._booster.model_to_string()}

    def restored(self, kept: dict[str, Any]) -> Self:
        """The learner with what `to_json` gave."""
        self._booster = _lightgbm().Booster(model_str=kept["trees"])
        return self


def _lightgbm() -> Any:
    try:
        import lightgbm  # noqa: PLC0415  slow, and it wants a library of the system
    except OSError as error:
        raise CarpelError("models.no-lightgbm", problem=str(error)) from error
    # The setting of a learner does not hold everywhere in it (4.7.0); this does, and Python has no other name for it.
    lightgbm.basic._LIB.LGBM_SetMaxThreads(_THREADS)  # type: ignore[attr-defined]  # noqa: SLF001
    return lightgbm
