"""BG/CNBD-k and MBG/CNBD-k: orders more regular than chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final, Self

from carpel.kernel.errors import CarpelError
from carpel.models.value.beta_geometric import BetaGeometric
from carpel.models.value.fitting import Fit
from carpel.models.value.histories import Histories

MOST_REGULAR: Final = 12
_PATIENCE: Final = 2


class Regular(BetaGeometric):
    """A beta-geometric model whose gaps between orders are Erlang-k (Platzer and Reutterer 2016).

    Attributes:
        likelihood_by_k: The log-likelihood of each k that was tried.
    """

    def __init__(self, k: int | None = None) -> None:
        """Take a known regularity, or find it in the data.

        Args:
            k: From 1 (at random) to 12; None to choose the likeliest when fitting. `log_gaps` tell most about it.
        """
        super().__init__()
        if k is not None and not 1 <= k <= MOST_REGULAR:
            raise CarpelError("models.regularity-wanted", most=MOST_REGULAR)
        self._wanted = k
        self.k = k or 1
        self.likelihood_by_k: Mapping[int, float] = {}

    def given(self, **parameters: float) -> Self:
        """The same model with known parameters; `k` may be among them."""
        k = int(parameters.pop("k", self.k))
        model = super().given(**parameters)
        model.k = k
        return model

    def _fitted(self, groups: Histories) -> Fit:
        if self._wanted is not None:
            return self._fitted_at(self._wanted, groups)
        tried: dict[int, Fit] = {}
        for k in range(1, MOST_REGULAR + 1):
            tried[k] = self._fitted_at(k, groups)
            best = max(tried, key=lambda each: tried[each].log_likelihood)
            if k - best >= _PATIENCE:
                break
        self.k = best
        self.likelihood_by_k = {each: fit.log_likelihood for each, fit in tried.items()}
        return tried[best]

    def _fitted_at(self, k: int, groups: Histories) -> Fit:
        self.k = k
        fit = super()._fitted(groups)
        return replace(fit, parameters={**fit.parameters, "k": float(k)})


class BGCNBD(Regular):
    """BG/CNBD-k: nobody leaves before the second order."""

    title: ClassVar[str] = "BG/CNBD-k"
    modified: ClassVar[bool] = False


class MBGCNBD(Regular):
    """MBG/CNBD-k: the first order may be the last."""

    title: ClassVar[str] = "MBG/CNBD-k"
    modified: ClassVar[bool] = True
