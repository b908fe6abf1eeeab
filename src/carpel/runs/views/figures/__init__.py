"""Counted once, when a run is made: what pages show of a million customers without reading them again."""

from carpel.runs.views.figures.bins import Bins
from carpel.runs.views.figures.keeping import VERSION, read_figures, write_figures
from carpel.runs.views.figures.making import Made, made_of, make_figures, moves_of
from carpel.runs.views.figures.values import Counted, Figures

__all__ = [
    "VERSION",
    "Bins",
    "Counted",
    "Figures",
    "Made",
    "made_of",
    "make_figures",
    "moves_of",
    "read_figures",
    "write_figures",
]
