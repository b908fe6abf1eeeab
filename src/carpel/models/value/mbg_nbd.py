"""MBG/NBD: orders at random, and a chance to leave after each order."""

from typing import ClassVar

from carpel.models.value.beta_geometric import BetaGeometric


class MBGNBD(BetaGeometric):
    """Modified beta-geometric/NBD (Batislam, Denizel and Filiztekin 2007): one order may be the last too."""

    title: ClassVar[str] = "MBG/NBD"
    modified: ClassVar[bool] = True
