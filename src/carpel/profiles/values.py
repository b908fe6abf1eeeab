"""Profiles as a value that later stages read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis

from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Bindings
from carpel.kernel.types import ValueType
from carpel.profiles.attributes import Catalogue

NAME: Final = "profiles"


@dataclass(frozen=True, kw_only=True)
class Profiles:
    """One row per customer as of a date, as files of one run.

    Attributes:
        files: Parquet, in customer order.
        catalogue: The attributes that they hold, in order after `customer_no`.
        as_of: What they know up to.
        rows: How many customers.
        digits: Decimal places of the reporting currency's minor unit.
    """

    files: tuple[Path, ...]
    catalogue: Catalogue
    as_of: AsOf
    rows: int
    digits: int = 2

    @property
    def schema(self) -> Mapping[str, str]:
        """Ibis type by column."""
        return {"customer_no": "int64"} | {key: each.type.ibis for key, each in self.catalogue.available.items()}

    @property
    def bindings(self) -> Bindings:
        """For an engine."""
        return {NAME: self.files}

    def unbound(self) -> Any:
        """As an Ibis expression; an engine binds its name to the files."""
        return ibis.table(self.schema, name=NAME)

    def coverage(self) -> Any:
        """One row: for each attribute, of how many customers it is known; sets count where they hold something."""
        rows = self.unbound()
        known = {
            key: (rows[key].length() > 0).sum() if each.type is ValueType.SET else rows[key].count()
            for key, each in self.catalogue.available.items()
        }
        return rows.agg(**{key: value.cast("int64") for key, value in known.items()})
