"""One profile per customer as of a date: the attribute catalogue and how it is computed."""

from carpel.profiles.attributes import Attribute, Better, Catalogue, Family, Unavailable, Unit
from carpel.profiles.available import ALWAYS, catalogue
from carpel.profiles.computing import profile
from carpel.profiles.custom import CustomAttribute, read_attributes
from carpel.profiles.fitting import fit
from carpel.profiles.parameters import Parameters
from carpel.profiles.reference import reference
from carpel.profiles.values import Profiles
from carpel.profiles.wanted import is_wanted

__all__ = [
    "ALWAYS",
    "Attribute",
    "Better",
    "Catalogue",
    "CustomAttribute",
    "Family",
    "Parameters",
    "Profiles",
    "Unavailable",
    "Unit",
    "catalogue",
    "fit",
    "is_wanted",
    "profile",
    "read_attributes",
    "reference",
]
