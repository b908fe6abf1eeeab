"""Columns as Arrow arrays, as a shop's or a CRM's export holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.demo.blocks import Flags, Floats, Ints, Moments

DAY_FIRST = "%d/%m/%Y"
DAY_FIRST_TIME = "%d/%m/%Y %H:%M"


def numbered(prefix: str, numbers: Ints, width: int) -> Any:
    """Ids: a prefix and a number with leading zeros."""
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def money(cents: Ints) -> Any:
    """Hundredths as exact decimals of two places."""
    low = np.ascontiguousarray(cents, dtype=np.int64)
    words = np.column_stack((low, low >> 63))
    return pa.Array.from_buffers(pa.decimal128(18, 2), len(low), [None, pa.py_buffer(words.tobytes())])


def words(values: Sequence[str], index: Ints) -> Any:
    """Values from a short list, by position."""
    return pa.array(values, pa.string()).take(pa.array(index))


def only(column: Any, keep: Flags) -> Any:
    """A column with null where it should not be kept."""
    return pc.if_else(pa.array(keep), column, pa.scalar(None, column.type))


def either(condition: Flags, yes: Any, no: Any) -> Any:
    """One column where a condition holds, another elsewhere."""
    return pc.if_else(pa.array(condition), yes, no)


def dates(moments: Moments) -> Any:
    """Days as dates."""
    return pa.array(moments.astype("datetime64[D]"))


def instants(moments: Moments) -> Any:
    """Moments as timestamps without a zone."""
    return pa.array(moments.astype("datetime64[us]"))


def written(moments: Moments, form: str) -> Any:
    """Moments as text."""
    return pc.strftime(pa.array(moments.astype("datetime64[s]")), format=form)


def floats(values: Floats, decimals: int) -> Any:
    """Rounded numbers."""
    return pa.array(np.round(values, decimals))


def picked(column: Any, index: Ints) -> Any:
    """Rows of a column by position."""
    return column.take(pa.array(index))
