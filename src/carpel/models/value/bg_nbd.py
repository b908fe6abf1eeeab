"""BG/NBD: orders at random, and a chance to leave after each order but the first."""

from typing import ClassVar

from carpel.models.value.beta_geometric import BetaGeometric


class BGNBD(BetaGeometric):
    """Beta-geometric/NBD (Fader, Hardie and Lee 2005).

    Whoever ordered once only is alive with probability 1 by construction; where one-time buyers are many, the
    modified model or Pareto/NBD says more.
    """

    title: ClassVar[str] = "BG/NBD"
    modified: ClassVar[bool] = False
