"""What each customer means to do: the newest evidence wins, and fades."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Text, text
from carpel.models.intent.reasons import Named
from carpel.models.intent.telling import Telling, outcome_means
from carpel.models.intent.words import Intent, Reason, means_nothing, meant_by, meant_by_stage, reasons_in
from carpel.models.voice.reviews import column

FAINT: Final = 0.2
"""Evidence that has faded below this says nothing any more."""

_HALVED_AFTER: Final = {Intent.INTERESTED: 60, Intent.HESITATING: 60, Intent.NOT_NOW: 120, Intent.NEVER: 365}
"""Days in which evidence loses half its strength; a refusal holds longest."""

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


class Evidence(StrEnum):
    """What an intent was read from."""

    OUTCOME = "outcome"
    """What staff noted as outcome."""
    OPPORTUNITY = "opportunity"
    """The stage of an opportunity, or whether it was won."""
    WORDS = "words"
    """What a text says."""
    PURCHASE = "purchase"
    CLICK = "click"

    @property
    def label(self) -> Text:
        """In the reader's language."""
        return text(f"models.intent-by-{self}")

    @property
    def outright(self) -> bool:
        """Whether somebody said it; else it is only what somebody did."""
        return self not in {Evidence.PURCHASE, Evidence.CLICK}


_STRENGTH: Final = {
    Evidence.OUTCOME: 1.0,
    Evidence.OPPORTUNITY: 0.9,
    Evidence.WORDS: 0.8,
    Evidence.PURCHASE: 0.8,
    Evidence.CLICK: 0.4,
}
_ORDER: Final = tuple(Evidence)
_CAREFUL: Final = (Intent.NEVER, Intent.NOT_NOW, Intent.HESITATING, Intent.INTERESTED)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One piece of evidence.

    Attributes:
        intent: What it says.
        day: When.
        evidence: What it was read from.
        reasons: Reasons named with it.
        sure: How sure the reading is.
    """

    intent: Intent
    day: date
    evidence: Evidence
    reasons: tuple[Reason, ...] = ()
    sure: float = 1.0

    def strength(self, today: date) -> float:
        """What it still says, so many days later."""
        age = max((today - self.day).days, 0)
        return float(_STRENGTH[self.evidence] * self.sure * 0.5 ** (age / _HALVED_AFTER[self.intent]))

    def rank(self) -> tuple[Any, ...]:
        """The newest first; of one day what was noted before what was read, and the more careful reading."""
        careful = len(_CAREFUL) - _CAREFUL.index(self.intent)
        return self.day, -_ORDER.index(self.evidence), careful, self.sure, self.reasons

    def newer(self, other: Statement | None) -> Statement:
        """Whichever of two wins."""
        return self if other is None or self.rank() > other.rank() else other


@dataclass(frozen=True, kw_only=True)
class Mind:
    """What a customer means to do.

    Attributes:
        intent: Unknown where nothing was heard, or only long ago.
        strength: What the evidence still says, from 1 to 0.
        statement: The evidence; None where there is none.
        age_days: How old it is.
    """

    intent: Intent
    strength: float = 0.0
    statement: Statement | None = None
    age_days: int | None = None

    @property
    def why(self) -> Text:
        """In words."""
        if self.statement is None or self.age_days is None:
            return text("models.intent-nothing-heard")
        evidence = self.statement.evidence.label
        if self.intent is Intent.UNKNOWN:
            meant = self.statement.intent.label
            return text("models.intent-faded", intent=meant, evidence=evidence, count=self.age_days)
        if not self.statement.reasons:
            return text("models.intent-told", intent=self.intent.label, evidence=evidence, count=self.age_days)
        because = Named(self.statement.reasons)
        return text(
            "models.intent-told-because",
            intent=self.intent.label, evidence=evidence, count=self.age_days, reasons=because,
        )  # fmt: skip


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

        What is closed speaks as of the day on which it was; what is open, as of the day on which it was opened.
        """
        for row in _rows(batch, "stage", "closed_at", "won", time="opened_at"):
            row["day"] = row["day"] or _day(row["time"])
            if not self._counts(row):
                continue
            closed = row["closed_at"] is not None and row["closed_at"] < self._as_of.stored
            meant: Intent | None = Intent.INTERESTED
            if closed and row["won"] is not None:
                meant = Intent.INTERESTED if row["won"] else Intent.NOT_NOW
            elif row["closed_at"] is None or closed:
                meant = self._stage(row["stage"])
            day = _day(row["closed_at"]) if closed else row["day"]
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
        told = [(each.intent, each.confidence) for each in self._telling.told(texts)] if self._telling else None
        for row, (meant, sure) in zip(rows, told or [(meant_by(each), 0.75) for each in texts], strict=True):
            if meant:
                named = reasons_in(row["text"])
                statement = Statement(intent=meant, day=row["day"], evidence=Evidence.WORDS, reasons=named, sure=sure)
                self._say(row, statement)

    def _stage(self, stage: str | None) -> Intent | None:
        meant = outcome_means(stage, self._outcomes) if self._outcomes and stage in self._outcomes else None
        meant = meant or meant_by_stage(stage)
        if stage and meant is None:
            self._unread(stage)
        return meant

    def _unread(self, word: str) -> None:
        if not means_nothing(word) and (not self._outcomes or word not in self._outcomes):
            self.unread[word] += 1

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


def _day(moment: datetime | date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment
