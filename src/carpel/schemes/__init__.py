"""Partitions of customers: rules, tiers, compilation, checks, why."""

from carpel.schemes.assigning import assign, totals
from carpel.schemes.binding import names
from carpel.schemes.changing import Change
from carpel.schemes.checks import check
from carpel.schemes.cuts import Cuts, TierCount, TierCuts, ties
from carpel.schemes.errors import SchemeError
from carpel.schemes.explaining import Why, why
from carpel.schemes.findings import Alike, Findings, Overlap, find
from carpel.schemes.fingerprints import label_fingerprint, logic_fingerprint
from carpel.schemes.fitting import fit_cuts
from carpel.schemes.holding import Held, Previous, held, home_of
from carpel.schemes.partitions import (
    UNKNOWN,
    UNRANKED,
    Categories,
    Cross,
    Order,
    Part,
    Partition,
    Quantiles,
    Refined,
    Rule,
    Rules,
    Shares,
    Thresholds,
    Tiers,
)
from carpel.schemes.placing import Placement, Reason, place
from carpel.schemes.reading import read_scheme
from carpel.schemes.summary import SegmentTotal, Summary, summarise, too_small
from carpel.schemes.templates import KINDS, listed_attribute, starter, starter_kind, template
from carpel.schemes.values import Limits, Scheme, Segment

__all__ = [
    "KINDS",
    "UNKNOWN",
    "UNRANKED",
    "Alike",
    "Categories",
    "Change",
    "Cross",
    "Cuts",
    "Findings",
    "Held",
    "Limits",
    "Order",
    "Overlap",
    "Part",
    "Partition",
    "Placement",
    "Previous",
    "Quantiles",
    "Reason",
    "Refined",
    "Rule",
    "Rules",
    "Scheme",
    "SchemeError",
    "Segment",
    "SegmentTotal",
    "Shares",
    "Summary",
    "Thresholds",
    "TierCount",
    "TierCuts",
    "Tiers",
    "Why",
    "assign",
    "check",
    "find",
    "fit_cuts",
    "held",
    "home_of",
    "label_fingerprint",
    "listed_attribute",
    "logic_fingerprint",
    "names",
    "place",
    "read_scheme",
    "starter",
    "starter_kind",
    "summarise",
    "template",
    "ties",
    "too_small",
    "totals",
    "why",
]
