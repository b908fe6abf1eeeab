"""Bring data in: files, their mapping onto facts, quality, staging."""

from carpel.sources.proposal import Proposal, Question, propose
from carpel.sources.reading_settings import read_sources
from carpel.sources.settings import ColumnMapping, Form, Lookup, Source, TableMapping
from carpel.sources.staging import Staged, stage

__all__ = [
    "ColumnMapping",
    "Form",
    "Lookup",
    "Proposal",
    "Question",
    "Source",
    "Staged",
    "TableMapping",
    "propose",
    "read_sources",
    "stage",
]
