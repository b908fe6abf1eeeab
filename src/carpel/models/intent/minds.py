"""What each customer means to do: the newest evidence wins, and fades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.models.intent.statements import FAINT, Evidence, Mind, Statement
from carpel.models.intent.telling import Telling, Told, outcome_means
from carpel.models.intent.words import Intent, means_nothing, meant_by, meant_by_stage, reasons_in
from carpel.models.voice.customers import aligned
from carpel.models.voice.reviews import column

SCHEMA: Final = pa.schema(
    [
        ("customer_no", pa.int64()),
        ("intent", pa.string()),
        ("strength", pa.float64()),
        ("evidence", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("day", pa.date32()),
        ("age_days", pa.int64()),
    ]
)
"""`strength` is from 1 (just now, outright) to 0; `day` is that of the evidence."""

_OF_A_PHRASE: Final = 0.75
"""How sure a plain phrase is, where nothing was learned of words."""


class Minds:
    """Gathers evidence batch by batch; of each customer it remembers the newest that was said and done.

    Attributes:
        unread: Outcomes and stages that say nothing to us, and how often they come.
    """

    def __init__(
        self,
        as_of: AsOf,
        telling: Telling | None = None,
        outcomes: Mapping[str, Intent | None] | None = None,
    ) -> None:
        """Evidence from before a moment.

        Args:
            as_of: Nothing at or after it counts.
            telling: What was learned of words; without it only phrases of our own lists are understood.
            outcomes: What the workspace's own words for outcomes mean.
        """
        self.unread: Counter[str] = Counter()
        self._as_of, self._telling, self._outcomes = as_of, telling, outcomes
        self._said: dict[int, Statement] = {}
        self._did: dict[int, Statement] = {}

    def add_interactions(self, batch: pa.RecordBatch) -> None:
        """Of `customer_no`, `day` and `kind`, and `happened_at`, `outcome` and `text` where they are there."""
        rows = [row for row in _rows(batch, "kind", "outcome", "text", time="happened_at") if self._counts(row)]
        unlabelled = []
        # The latest first, so that of most customers only the last few are looked at closely.
        for row in reversed(rows):
            if row["kind"] == "click":
                self._do(row, Evidence.CLICK)
            elif row["kind"] != "complaint" and self._noted(row):
                unlabelled.append(row)
        self._listen([row for row in unlabelled if not self._outdated(row)])

    def add_opportunities(self, batch: pa.RecordBatch) -> None:
        """Of `customer_no`, `opened_at` or `day`, and `stage`, `closed_at` and `won` where they are there.

        What is closed speaks as of the day on which it was; what is open, as of the day on which it was opened, and
        unless its stage says otherwise it speaks of interest.
        """
        for row in _rows(batch, "stage", "closed_at", "won", time="opened_at"):
            row["day"] = row["day"] or self._local_day(row["time"])
            if not self._counts(row):
                continue
            closed = row["closed_at"] is not None and row["closed_at"] < self._as_of.stored
            meant: Intent | None = Intent.INTERESTED
            if closed and row["won"] is not None:
                meant = Intent.INTERESTED if row["won"] else Intent.NOT_NOW
            elif closed or (row["closed_at"] is None and row["stage"]):
                meant = self._stage(row["stage"])
            day = self._local_day(row["closed_at"]) if closed else row["day"]
            if meant and day:
                self._say(row, Statement(intent=meant, day=day, evidence=Evidence.OPPORTUNITY))

    def add_purchases(self, batch: pa.RecordBatch) -> None:
        """Of `customer_no` and `day`, and `ordered_at` and `is_return` where they are there."""
        for row in _rows(batch, "is_return", time="ordered_at"):
            if not row["is_return"] and self._counts(row):
                self._do(row, Evidence.PURCHASE)

    def of(self, customer: int) -> Mind:
        """What a customer means to do."""
        today = self._as_of.day
        said, did = self._said.get(customer), self._did.get(customer)
        best = said or did
        if said and did and did.day > said.day and did.strength(today) > said.strength(today):
            best = did
        if best is None:
            return Mind(intent=Intent.UNKNOWN)
        strength = best.strength(today)
        intent = best.intent if strength >= FAINT else Intent.UNKNOWN
        return Mind(intent=intent, strength=strength, statement=best, age_days=max((today - best.day).days, 0))

    def table(self) -> pa.Table:
        """By `SCHEMA`, one row for each customer of whom there is any evidence, in order."""
        rows = []
        for customer in sorted(self._said.keys() | self._did.keys()):
            mind = self.of(customer)
            statement = mind.statement
            if statement:
                reasons = [reason.value for reason in statement.reasons]
                told = (statement.evidence.value, reasons, statement.day, mind.age_days)
                rows.append((customer, mind.intent.value, mind.strength, *told))
        columns = list(zip(*rows, strict=True)) or [()] * len(SCHEMA)
        arrays = [pa.array(list(each), kind.type) for each, kind in zip(columns, SCHEMA, strict=True)]
        return pa.Table.from_arrays(arrays, schema=SCHEMA)

    def answers(self, customers: pa.Array) -> dict[str, pa.Array]:
        """The columns of `SCHEMA` for some customers, in their order; the intent of those never heard is unknown."""
        found = aligned(self.table(), customers)
        return found | {"intent": found["intent"].fill_null(Intent.UNKNOWN.value)}

    def _noted(self, row: dict[str, Any]) -> bool:
        """Hears what staff noted; gives whether only the words can say something."""
        outcome, said = row["outcome"], row["text"]
        if not outcome:
            return bool(said)
        meant = outcome_means(outcome, self._outcomes)
        if meant is None:
            self._unread(outcome)
        elif not self._outdated(row):
            named = reasons_in(f"{outcome} {said or ''}")
            self._say(row, Statement(intent=meant, day=row["day"], evidence=Evidence.OUTCOME, reasons=named))
        return False

    def _outdated(self, row: dict[str, Any]) -> bool:
        """Whether the same customer has said something on a later day."""
        newest = self._said.get(row["customer_no"])
        return newest is not None and newest.day > row["day"]

    def _listen(self, rows: list[dict[str, Any]]) -> None:
        """What texts without an outcome say."""
        texts = [row["text"] for row in rows]
        told = self._telling.told(texts) if self._telling else [Told(meant_by(each), _OF_A_PHRASE) for each in texts]
        for row, each in zip(rows, told, strict=True):
            if each.intent:
                named, sure = reasons_in(row["text"]), each.confidence
                heard = Statement(intent=each.intent, day=row["day"], evidence=Evidence.WORDS, reasons=named, sure=sure)
                self._say(row, heard)

    def _stage(self, stage: str | None) -> Intent | None:
        meant = outcome_means(stage, self._outcomes) if self._outcomes and stage in self._outcomes else None
        meant = meant or meant_by_stage(stage)
        if stage and meant is None:
            self._unread(stage)
        return meant

    def _unread(self, word: str) -> None:
        if not means_nothing(word) and (not self._outcomes or word not in self._outcomes):
            self.unread[word] += 1

    def _local_day(self, moment: datetime | None) -> date | None:
        """The day of a moment as facts store it, where the workspace cuts days."""
        return None if moment is None else AsOf.at(moment.replace(tzinfo=UTC), self._as_of.time_zone).day

    def _counts(self, row: dict[str, Any]) -> bool:
        if row["customer_no"] is None or row["day"] is None:
            return False
        if row["time"] is not None:
            return bool(row["time"] < self._as_of.stored)
        return bool(row["day"] < self._as_of.day)

    def _say(self, row: dict[str, Any], statement: Statement) -> None:
        self._said[row["customer_no"]] = statement.newer(self._said.get(row["customer_no"]))

    def _do(self, row: dict[str, Any], evidence: Evidence) -> None:
        statement = Statement(intent=Intent.INTERESTED, day=row["day"], evidence=evidence)
        self._did[row["customer_no"]] = statement.newer(self._did.get(row["customer_no"]))


def _rows(batch: pa.RecordBatch, *names: str, time: str) -> list[dict[str, Any]]:
    wanted = {"customer_no": "customer_no", "day": "day", "time": time} | {name: name for name in names}
    columns = [column(batch, name) for name in wanted.values()]
    return [dict(zip(wanted, values, strict=True)) for values in zip(*columns, strict=True)]
