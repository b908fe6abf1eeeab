"""From files that nobody has described to a proposed carpel.yaml, with a reason for each decision."""

from carpel.sources.proposal.plan import Question
from carpel.sources.proposal.proposing import Proposal, propose

__all__ = ["Proposal", "Question", "propose"]
