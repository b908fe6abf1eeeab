"""Two schemes compared by what their segments said beforehand of the money that came."""

from carpel.schemes.racing.measuring import Cell, Round
from carpel.schemes.racing.result import Lane, Race, judged

__all__ = ["Cell", "Lane", "Race", "Round", "judged"]
