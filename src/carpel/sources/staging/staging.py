"""From sources to facts, in one go that either is whole or leaves nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from carpel.crm import TABLES, Facts, FactTable
from carpel.kernel.engine import Engine
from carpel.kernel.failpoints import failpoint
from carpel.kernel.money import Currency
from carpel.kernel.progress import Progress
from carpel.kernel.texts import text
from carpel.sources.settings import Source
from carpel.sources.staging import quality
from carpel.sources.staging.bench import Bench
from carpel.sources.staging.currencies import rate_table, tell_missing
from carpel.sources.staging.dating import with_undated
from carpel.sources.staging.findings import Findings, issues_to_json
from carpel.sources.staging.finishing import customers, finished
from carpel.sources.staging.history import with_history
from carpel.sources.staging.landing import LandedSource, land_source
from carpel.sources.staging.layout import Layout, bucket_size
from carpel.sources.staging.leaving import LeftOut, left_out
from carpel.sources.staging.ledger import Books, spans
from carpel.sources.staging.moments import Moments
from carpel.sources.staging.numbering import number, with_customer
from carpel.sources.staging.occurring import with_values
from carpel.sources.staging.preparing import Preparation, Prepared
from carpel.sources.staging.purchases import Purchases, joined
from carpel.sources.staging.quarantine import Money, with_order_money, write_quarantine
from carpel.sources.staging.snapshots import first_seen, take_copies

_RATES: Final = "exchange_rates"


@dataclass(frozen=True, kw_only=True)
class Staging:
    """One staging at work."""

    sources: tuple[Source, ...]
    found: Mapping[str, Sequence[Path]]
    folder: Path
    snapshots: Path
    currency: Currency
    time_zone: str
    revenue: str
    engine: Engine
    now: datetime
    progress: Progress

    def run(self, name: str) -> None:
        """Fill the folder."""
        bench, findings = Bench(self.engine, self.folder / "work"), Findings()
        landed = self._land(bench, findings)
        failpoint("staging.landed")
        leaving = left_out(self._prepare(landed, bench, findings))
        failpoint("staging.prepared")
        facts = self._lay_out(name, leaving, bench, findings)
        facts = replace(facts, rows_read={key: each.landed.rows for key, each in landed.items()})
        failpoint("staging.laid-out")
        (self.folder / "issues.json").write_text(issues_to_json(findings.issues), encoding="utf-8")
        (self.folder / "facts.json").write_text(facts.to_json(), encoding="utf-8")
        shutil.rmtree(self.folder / "work")

    def _land(self, bench: Bench, findings: Findings) -> dict[str, LandedSource]:
        self.progress.stage(text("sources.stage-reading"))
        landed = {}
        for done, source in enumerate(self.sources):
            self.progress.advance(done, len(self.sources))
            landed[source.name] = land_source(source, self.found[source.name], self.sources, bench)
            findings.issues += landed[source.name].landed.issues
            quality.tell_unmapped(landed[source.name], findings)
        return landed

    def _prepare(self, landed: Mapping[str, LandedSource], bench: Bench, findings: Findings) -> dict[str, Prepared]:
        self.progress.stage(text("sources.stage-checking"))
        mapped = {table for each in self.sources for table in each.tables}
        preparation = Preparation(
            sources=landed,
            bench=bench,
            findings=findings,
            moments=Moments(time_zone=self.time_zone),
            currency=self.currency.code,
            has_lines="order_lines" in mapped,
        )
        rates = preparation.prepare(_RATES)
        preparation.rates = rate_table(rates.rows if rates else None, bench, findings)
        tables = {_RATES: rates} if rates else {}
        names = [name for name in TABLES if name in mapped and name != _RATES]
        for done, name in enumerate(names):
            self.progress.advance(done, len(names))
            prepared = preparation.prepare(name)
            if prepared:
                tables[name] = prepared
        self._tell(tables, bench, findings)
        return tables

    def _tell(self, tables: Mapping[str, Prepared], bench: Bench, findings: Findings) -> None:
        for name, each in tables.items():
            quality.tell_odd(each.rows, each.table, self.now, bench, findings)
            if "currency" in each.judged.columns and "__rate" in each.judged.columns:
                tell_missing(each.judged, name, bench, findings)
            self._tell_orphans(each, tables, bench, findings)

    def _tell_orphans(
        self, prepared: Prepared, tables: Mapping[str, Prepared], bench: Bench, findings: Findings
    ) -> None:
        """References to what no source describes; unknown customers and lost lines are told where they are found."""
        for column in prepared.table.columns:
            place, target = f"{prepared.table.name}.{column.name}", tables.get(column.references or "")
            if target is None or place.endswith(".customer_id") or place == "order_lines.order_id":
                continue
            if column.name in prepared.rows.columns and target.table.key in target.rows.columns:
                key = target.table.key
                quality.tell_orphans(prepared.rows, column.name, target.rows, key, place, bench, findings)

    def _lay_out(self, name: str, leaving: LeftOut, bench: Bench, findings: Findings) -> Facts:
        self.progress.stage(text("sources.stage-laying-out"))
        tables, digits = leaving.tables, self.currency.digits
        rows = {
            key: with_customer(key, tables, bench) if each.table.has_customer else each.rows
            for key, each in tables.items()
        }
        numbers, count = number(rows, bench, findings)
        purchases = joined(tables, numbers, digits, bench, findings)
        layout = self._layout(rows, count, bench)
        staged = with_undated(self._tables(tables, rows, numbers, purchases, layout), bench, findings)
        money = self._set_aside(tables, findings, bench)
        books = Books(
            bench=bench,
            digits=digits,
            tables=tables,
            staged=staged,
            purchases=purchases,
            aside=money,
            left_out={key: leaving.money(key, digits, bench) for key in tables},
        )
        first, last, until = spans(staged, self.now, bench)
        self._stands(until)
        first_import = first_seen(self.snapshots, self.now)
        take_copies(staged, self.snapshots, self.now, bench)
        return Facts(
            folder=self.folder,
            fingerprint=name,
            currency=self.currency.code,
            time_zone=self.time_zone,
            customers=count,
            bucket_size=layout.size,
            tables=with_history(with_values(staged, bench), self.snapshots, layout),
            ledger=books.ledger(self.revenue),
            first_event=first,
            last_event=last,
            first_seen=first_import,
            seen_at=self.now,
        )

    def _layout(self, rows: Mapping[str, Any], customers: int, bench: Bench) -> Layout:
        largest = max(int(bench.one(each.agg(rows=each.count()))["rows"]) for each in rows.values())
        size = bucket_size(customers, largest)
        buckets = max(1, -(-customers // size))
        return Layout(folder=self.folder, bench=bench, size=size, count=buckets, progress=self.progress)

    def _stands(self, until: datetime | None) -> None:
        """Note when an event of the future will overtake the facts."""
        content = json.dumps({"until": until.isoformat() if until else None})
        (self.folder / "staging.json").write_text(content, encoding="utf-8")

    def _tables(
        self,
        tables: Mapping[str, Prepared],
        rows: Mapping[str, Any],
        numbers: Any,
        purchases: Purchases | None,
        layout: Layout,
    ) -> dict[str, FactTable]:
        digits = self.currency.digits
        found = {"customers": layout.by_customer(customers(tables.get("customers"), numbers, digits))}
        if purchases:
            found |= layout.purchases(purchases)
        stands_for_orders = None if purchases else self.revenue
        for done, (name, each) in enumerate(tables.items()):
            self.progress.advance(done, len(tables))
            if name in ("customers", "orders", "order_lines"):
                continue
            is_purchase = name == stands_for_orders and each.table.amount in rows[name].columns
            table = finished(each, rows[name], numbers, digits, is_purchase=is_purchase)
            found[name] = layout.by_customer(table) if each.table.has_customer else layout.whole(table)
        return {name: found[name] for name in TABLES if name in found}

    def _set_aside(self, tables: Mapping[str, Prepared], findings: Findings, bench: Bench) -> dict[str, Money]:
        found = {}
        for name, parts in findings.aside.items():
            to = self.folder / "quarantine" / f"{name}.parquet"
            priced = (
                [with_order_money(each, tables.get("orders")) for each in parts] if name == "order_lines" else parts
            )
            found[name] = write_quarantine(name, priced, self.currency.digits, bench, to)
        return found
