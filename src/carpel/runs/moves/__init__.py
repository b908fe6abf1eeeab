"""Who went where over time: recorded at each run, kept when runs are not."""

from carpel.runs.moves.comparing import Moment, Moves, SegmentMoves, moves_between
from carpel.runs.moves.expecting import Arrow, Expectation, Movement, expectation
from carpel.runs.moves.log import LoggedRun, chain, record_moves
from carpel.runs.moves.membership import Membership, memberships

__all__ = [
    "Arrow",
    "Expectation",
    "LoggedRun",
    "Membership",
    "Moment",
    "Movement",
    "Moves",
    "SegmentMoves",
    "chain",
    "expectation",
    "memberships",
    "moves_between",
    "record_moves",
]
