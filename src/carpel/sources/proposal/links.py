"""How files hang together: which one a key's own table is in, and where a name or a category is written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carpel.crm import TABLES
from carpel.kernel.types import ValueType
from carpel.sources.proposal.evidence import Evidence, SeenColumn, SeenTable
from carpel.sources.proposal.matching import Reading
from carpel.sources.proposal.shapes import Target
from carpel.sources.proposal.vocabulary import sounds_like_key
from carpel.sources.proposal.words import squashed, tokens

LINKED: Final = 0.5
"""The share of a column's values that another must hold for the first to refer to the second."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A reference from one file to another.

    Attributes:
        source: The file referred to.
        key: Its column that holds the referring values.
        column: Its column that holds what is wanted; the key itself where the reference is direct.
        share: The share of the referring values that are found.
    """

    source: str
    key: str
    column: str
    share: float

    @property
    def is_direct(self) -> bool:
        """Whether the referring values are already what is wanted."""
        return self.key == self.column


@dataclass(frozen=True, kw_only=True)
class Links:
    """The readings of all files, and what was seen between them.

    Attributes:
        evidence: What was seen.
        readings: By source.
        keys: For each reading, the column that identifies its own rows, where there is one.
    """

    evidence: Evidence
    readings: Mapping[str, Reading]
    keys: Mapping[str, str]

    def holds(self, table: str) -> bool:
        """Whether some file's rows are a table's."""
        return any(reading.shape.table == table for reading in self.readings.values())

    def reference(self, source: str, column: str, table: str) -> Link | None:
        """Where the values of a column are found in a file whose rows are a table's; None where nowhere."""
        found = [
            self._link(source, column, home)
            for home, reading in self.readings.items()
            if reading.shape.table == table and home in self.keys
        ]
        return max((each for each in found if each), key=lambda link: (link.share, link.is_direct), default=None)

    def _link(self, source: str, column: str, home: str) -> Link | None:
        """The way from a column into a home file: its key if that holds the values, else another unique column."""
        key = self.keys[home]
        if source == home and column == key:
            return None
        direct = self._share(source, column, home, key)
        if direct >= LINKED:
            return Link(source=home, key=key, column=key, share=direct)
        around = [
            (self._share(source, column, home, each.name), each.name)
            for each in self.evidence.tables[home].columns
            if each.name != key
        ]
        share, through = max(around, default=(0.0, key))
        return Link(source=home, key=through, column=key, share=share) if share >= LINKED else None

    def _share(self, source: str, column: str, home: str, key: str) -> float:
        return self.evidence.contained.get(((source, column), (home, key)), 0.0)

    def spellings(self, column: SeenColumn, link: Link) -> dict[str, str]:
        """For values that differ from the other file's in case, spaces or marks alone: how they are spelt there."""
        there = [value for value, _ in self.evidence.tables[link.source].by_name[link.key].values]
        missing = sorted({value for value, _ in column.values} - set(there))
        alike = {value: [each for each in there if squashed(each) == squashed(value)] for value in missing}
        return {value: found[0] for value, found in alike.items() if len(found) == 1}

    def has_home(self, source: str, reading: Reading, table: str) -> bool:
        """Whether another file holds a table's rows, and this one's key of it refers there."""
        column = reading.column_of(Target(table, TABLES[table].key))
        if column is None or reading.shape.table == table:
            return False
        return self.reference(source, column, table) is not None

    def written_out(self, source: str, column: SeenColumn) -> Link | None:
        """Where the name behind a code is written: `category_id` in the file of categories."""
        if sounds_like_key(column.name) is None:
            return None
        for home in self.evidence.tables.values():
            key = next((each for each in home.columns if squashed(each.name) == squashed(column.name)), None)
            if home.name == source or key is None or not key.is_unique:
                continue
            share = self._share(source, column.name, home.name, key.name)
            named = _name_column(home, key)
            if share >= LINKED and named is not None:
                return Link(source=home.name, key=key.name, column=named.name, share=share)
        return None


def _name_column(home: SeenTable, key: SeenColumn) -> SeenColumn | None:
    """The column that names the rows: one that ends in name, else the first text."""
    texts = [
        each
        for each in home.columns
        if each is not key and each.type in {ValueType.TEXT, ValueType.CATEGORY, ValueType.ID} and each.filled
    ]
    named = [
        each for each in texts if set(tokens(each.name)) & {"name", "label", "title", "pangalan"} or "名" in each.name
    ]
    return next(iter(named or texts), None)


def own_key(reading: Reading) -> str | None:
    """The column that identifies the rows of a reading's own table."""
    return reading.column_of(Target(reading.shape.table, TABLES[reading.shape.table].key))
