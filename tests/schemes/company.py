"""A small company for tests: attributes of every type, and profiles written as a run would write them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Labels
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Family, Profiles, Unit

AS_OF = AsOf(datetime(2025, 7, 1, tzinfo=UTC), date(2025, 7, 1))
KINDS = ("consumer", "business", "reseller", "internal")
RELATIONSHIPS = ("lead", "prospect", "customer")
_ARROW = {
    ValueType.ID: pa.string(),
    ValueType.TEXT: pa.string(),
    ValueType.CATEGORY: pa.string(),
    ValueType.INTEGER: pa.int64(),
    ValueType.NUMBER: pa.float64(),
    ValueType.SHARE: pa.float64(),
    ValueType.MONEY: pa.int64(),
    ValueType.BOOLEAN: pa.bool_(),
    ValueType.DATE: pa.date32(),
    ValueType.INSTANT: pa.timestamp("us"),
    ValueType.SET: pa.list_(pa.string()),
}
_numbers = count()


def attribute(key: str, kind: ValueType, family: Family = Family.BEHAVIOURAL, **others: Any) -> Attribute:
    """An attribute whose label is its key."""
    labels = Labels({"en": key})
    return Attribute(key=key, family=family, type=kind, label=labels, description=labels, **others)


def catalogue(*attributes: Attribute) -> Catalogue:
    """A catalogue that begins with the customer's id, as every catalogue does."""
    own = (attribute("customer_id", ValueType.ID, Family.RELATIONSHIP), *attributes)
    return Catalogue(available={each.key: each for each in own})


RECENCY = attribute("recency_days", ValueType.INTEGER, unit=Unit.DAYS, changeable=True)
FREQUENCY = attribute("frequency", ValueType.INTEGER, unit=Unit.COUNT, changeable=True)
VALUE = attribute("monetary_value", ValueType.MONEY, Family.VALUE, unit=Unit.MONEY, changeable=True)
KIND = attribute("kind", ValueType.CATEGORY, Family.FIRMOGRAPHIC, values=KINDS)
RELATIONSHIP = attribute("relationship", ValueType.CATEGORY, Family.RELATIONSHIP, values=RELATIONSHIPS)
RFM = catalogue(RECENCY, FREQUENCY, VALUE)
COMPANY = catalogue(
    RELATIONSHIP,
    KIND,
    attribute("city", ValueType.CATEGORY, Family.GEOGRAPHIC),
    RECENCY,
    FREQUENCY,
    VALUE,
    attribute("score", ValueType.NUMBER),
    attribute("discount_share", ValueType.SHARE, changeable=True),
    attribute("consent", ValueType.BOOLEAN, changeable=True),
    attribute("joined_on", ValueType.DATE),
    attribute("products_owned", ValueType.SET, changeable=True),
)


def profiles(
    rows: Sequence[Mapping[str, Any]], folder: Path, holding: Catalogue = COMPANY, *, digits: int = 2
) -> Profiles:
    """Profiles of some customers, in a file of their own."""
    columns = {"customer_no": pa.int64()} | {key: _ARROW[each.type] for key, each in holding.available.items()}
    numbered = [{"customer_no": number, "customer_id": f"C{number}", **row} for number, row in enumerate(rows)]
    table = pa.table({name: pa.array([row.get(name) for row in numbered], kind) for name, kind in columns.items()})
    path = folder / f"{next(_numbers)}.parquet"
    pq.write_table(table, path)
    return Profiles(files=(path,), catalogue=holding, as_of=AS_OF, rows=len(rows), digits=digits)
