"""Money of other currencies, at the rate of its own date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final

import ibis
import pyarrow as pa

from carpel.kernel.issues import Severity
from carpel.sources.staging import amounts
from carpel.sources.staging.bench import Bench, Rows
from carpel.sources.staging.findings import Findings

STANDS_FOR: Final = timedelta(days=7)
"""How long a published rate stands where no newer one follows: over weekends and holidays, and no longer."""

_SCHEMA: Final = pa.schema(
    [("__rate_currency", pa.string()), ("__rate_day", pa.date32()), ("__rate", pa.decimal128(19, 10))]
)


def rate_table(rows: Rows | None, bench: Bench, findings: Findings) -> Rows:
    """Every day's rates as a table to join, each standing until the next, for a week at most."""
    published = _published(bench.read(rows.select("currency", "day", "rate")), findings) if rows is not None else {}
    spread = [row for currency, days in sorted(published.items()) for row in _spread(currency, days)]
    return bench.put("rates", pa.Table.from_pylist(spread, schema=_SCHEMA))


def with_rate(rows: Rows, rates: Rows, reporting: str) -> Rows:
    """Add `__rate`: 1 for the reporting currency or none named, null where no rate is known."""
    if "currency" not in rows.columns:
        return rows
    code = rows["currency"].upper().strip()
    known = {"currency": code, "__day": rows["day"]}
    rows = rows.mutate(**known)
    joined = rows.left_join(rates, [rows["currency"] == rates["__rate_currency"], rows["__day"] == rates["__rate_day"]])
    own = joined["currency"].isnull() | (joined["currency"] == reporting)
    one = ibis.literal(Decimal(1), type=amounts.RATE)
    return joined.mutate(__rate=own.ifelse(one, joined["__rate"])).drop("__day", "__rate_currency", "__rate_day")


def _published(rows: Iterable[Mapping[str, Any]], findings: Findings) -> dict[str, dict[date, Decimal]]:
    found: dict[str, dict[date, Decimal]] = {}
    twice: list[str] = []
    for row in sorted(rows, key=lambda row: (str(row["currency"]), str(row["day"]), str(row["rate"]))):
        rate = _rate(row["rate"])
        if row["currency"] is None or row["day"] is None or rate is None:
            continue
        days = found.setdefault(row["currency"].strip().upper(), {})
        if days.setdefault(row["day"], rate) != rate:
            twice.append(f"{row['currency']} {row['day']}")
    if twice:
        findings.note("sources.rates-twice", place="exchange_rates", count=len(twice), examples=twice)
    return found


def _rate(value: object) -> Decimal | None:
    try:
        rate = Decimal(str(value)).quantize(Decimal(1).scaleb(-10))
    except InvalidOperation:
        return None
    return rate if 0 < rate < Decimal(10) ** 8 else None


def _spread(currency: str, days: Mapping[date, Decimal]) -> Iterable[dict[str, Any]]:
    ordered = sorted(days)
    for day, following in pairwise([*ordered, date.max]):
        for ahead in range(min((following - day).days, STANDS_FOR.days + 1)):
            yield {"__rate_currency": currency, "__rate_day": day + timedelta(days=ahead), "__rate": days[day]}


def tell_missing(rows: Rows, table: str, bench: Bench, findings: Findings) -> None:
    """Say for which currencies no rate is known."""
    missing = rows.filter(rows["__reason"] == "no-rate")
    counted = missing.group_by("currency").agg(rows=missing.count(), first=missing["day"].min())
    for row in sorted(bench.read(counted), key=lambda row: str(row["currency"])):
        findings.note(
            "sources.rate-missing",
            place=f"{table}.currency",
            count=int(row["rows"]),
            examples=[f"{row['currency']} {row['first']}"],
            severity=Severity.WARNING,
            table=table,
            currency=row["currency"],
        )
