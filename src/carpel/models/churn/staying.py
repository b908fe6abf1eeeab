"""Who leaves, learned and answered as every model is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from carpel.kernel.texts import text
from carpel.models.attributes import HIGH, LOW
from carpel.models.cards import Card
from carpel.models.churn.effects import effects
from carpel.models.churn.rhythm import LONGEST, NEEDS, column, fair_times, fell_silent, lost_days
from carpel.models.declared.churn import HORIZON, LOST_ON, RISK
from carpel.models.frames import Asked, Feature, Frame, Kind
from carpel.models.frames.moments import NUMBER, sampled
from carpel.models.learning import Customers, Ground, Model
from carpel.models.propensity.blocks import Blocks
from carpel.models.propensity.carding import card_of
from carpel.models.propensity.judging import gain
from carpel.models.propensity.propensity import Propensity
from carpel.models.propensity.question import Answer, Question, learn_question
from carpel.models.propensity.reasons import reasons
from carpel.models.propensity.saying import saying
from carpel.models.reasons import Reason
from carpel.models.value.contract_value import ContractValue, learn_contracts
from carpel.models.value.rhythms import Tenures, contract_tenures, has_contracts
from carpel.models.value.saying import of_contracts

BOUGHT: Final = Asked(key="frequency", least=1)
QUESTION: Final = Question(horizon=LONGEST, outcome=fell_silent, asked=(BOUGHT, Asked(key="cycle_days")))
"""Whether somebody who has bought stays silent for longer than their rhythm allows."""
_EFFECTS: Final = 10
_DISCOUNT: Final = 0.0
_WEEK: Final = 7.0

Numbers = npt.NDArray[np.float64]


def learn(model: Model, ground: Ground) -> LearnedChurn:
    """Learn who falls silent from three moments of the past, and who renews from all contracts that were decided."""
    found = learn_question(QUESTION, ground)
    learned = found.model if isinstance(found, Answer) else None
    card = card_of(model, ground, found)
    if isinstance(found, Answer) and found.model.candidates:
        card = _judged(card, found, ground)
    tenures = _tenures(ground)
    contracts = learn_contracts(tenures, _DISCOUNT)[0] if tenures else None
    remarks = (*card.remarks, text("models.churn-how"), *((text("models.churn-contracts"),) if contracts else ()))
    return LearnedChurn(card=replace(card, remarks=remarks), model=learned, contracts=contracts)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedChurn:  # noqa: ARG001 (as all models have it)
    """What learned before."""
    return LearnedChurn(
        card=card,
        model=Propensity.from_json(kept["model"]) if kept["model"] else None,
        contracts=ContractValue.from_json(kept["contracts"]) if kept["contracts"] else None,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Signed:
    """What is in force of the customers of some profiles.

    Attributes:
        running: Of which customers something is.
        tenures: Their contracts and those of others.
        rows: The row of each customer among them.
    """

    running: npt.NDArray[np.bool_]
    tenures: Tenures
    rows: npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedChurn:
    """What was learned of leaving.

    Attributes:
        card: What is told of it.
        model: Who falls silent; None where the past does not reach back far enough.
        contracts: Who renews; None where no contract tells when it ends.
    """

    card: Card
    model: Propensity | None
    contracts: ContractValue | None

    @property
    def needs(self) -> frozenset[str]:
        """What it goes by, and each customer's rhythm."""
        return NEEDS | (frozenset(each.key for each in self.model.features) if self.model else frozenset())

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """The risk of each who has bought or signed, within how many days, and when the lost were lost."""
        profiles = customers.profiles
        days, asked = fair_times(profiles), self._asked(profiles)
        days[~asked] = np.nan
        risk, low, high = self._by_rhythm(profiles, asked)
        lost = lost_days(profiles, customers.ground.as_of)
        signed = self._signed(customers)
        if signed is not None:
            self._by_contract(signed, risk, low, high, days)
            lost = [None if running else day for day, running in zip(lost, signed.running, strict=True)]
        ends = {RISK.key: risk, RISK.key + LOW: low, RISK.key + HIGH: high, HORIZON.key: days}
        said = {key: pa.array(each, mask=np.isnan(each)) for key, each in ends.items()}
        return said | {LOST_ON.key: pa.array(lost, pa.date32())}

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """What the contract says, else three for leaving and three for staying."""
        profiles, signed = customers.profiles, self._signed(customers)
        found: list[tuple[Reason, ...]] = [()] * profiles.num_rows
        if self.model is not None:
            told = reasons(self.model, Frame.of(profiles, self.model.features), RISK.key, said=saying(customers.ground))
            asked = self._asked(profiles)
            found = [each if is_asked else () for each, is_asked in zip(told, asked, strict=True)]
        if signed is not None:
            by_number = dict(of_contracts(signed.tenures))
            for row in np.flatnonzero(signed.running):
                said = by_number[int(signed.tenures.numbers[signed.rows[row]])]
                found[row] = (replace(said, of=RISK.key, supports=not said.supports),)
        return tuple(found)

    def _asked(self, profiles: pa.Table) -> npt.NDArray[np.bool_]:
        asked = np.ones(profiles.num_rows, dtype=bool)
        for each in QUESTION.asked:
            asked &= each.holds(profiles)
        return asked

    def _by_rhythm(self, profiles: pa.Table, asked: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers, Numbers]:
        if self.model is None:
            nothing = np.full((3, profiles.num_rows), np.nan)
            return nothing[0], nothing[1], nothing[2]
        frame = Frame.of(profiles, self.model.features)
        risk = self.model.probability(frame)
        low, high = self.model.interval(frame)
        low, high = np.minimum(low, risk), np.maximum(high, risk)
        return tuple(np.where(asked, each, np.nan) for each in (risk, low, high))  # type: ignore[return-value]

    def _signed(self, customers: Customers) -> _Signed | None:
        ground = customers.ground
        if self.contracts is None:
            return None
        table = customers.read(contract_tenures(ground.facts, ground.as_of))
        if not table.num_rows:
            return None
        tenures = Tenures.of(table, ground.as_of)
        numbers = np.asarray(customers.profiles[NUMBER], dtype=np.intp)
        rows = np.minimum(np.searchsorted(tenures.numbers, numbers), len(tenures.numbers) - 1)
        there = (tenures.numbers[rows] == numbers) & (tenures.running[rows] > 0) & np.isfinite(tenures.weeks_left[rows])
        return _Signed(running=there, tenures=tenures, rows=rows)

    def _by_contract(self, signed: _Signed, risk: Numbers, low: Numbers, high: Numbers, days: Numbers) -> None:
        """Whoever has a contract in force leaves when it ends, or not at all."""
        assert self.contracts is not None  # noqa: S101 (nothing was found else)
        renewal, rows = self.contracts.worth(signed.tenures).renewal, signed.rows[signed.running]
        risk[signed.running] = 1 - renewal.value[rows]
        low[signed.running], high[signed.running] = 1 - renewal.high[rows], 1 - renewal.low[rows]
        days[signed.running] = np.rint(signed.tenures.weeks_left[rows] * _WEEK)

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        return {
            "model": self.model.to_json() if self.model else None,
            "contracts": self.contracts.to_json() if self.contracts else None,
        }


def _tenures(ground: Ground) -> Tenures | None:
    if not has_contracts(ground.facts):
        return None
    bindings = ground.facts.bindings(sampled(ground.facts))
    table = ground.engine.read(contract_tenures(ground.facts, ground.as_of), bindings)
    return Tenures.of(table, ground.as_of) if table.num_rows else None


def _judged(card: Card, found: Answer, ground: Ground) -> Card:
    """Compared with how long the silence is beside the usual gap alone; with what goes with staying."""
    past, model = found.past, found.model
    blocks = Blocks(train=past.parts[0], calibrate=past.parts[1], test=past.parts[2], dated=True)
    test = past.table.take(pa.array(blocks.test))
    outcome = past.outcome[blocks.test]
    told = model.judged_probability(Frame.of(test, model.features))
    silence = Propensity.fit(_silence(past.table), past.outcome, blocks, learners=("logistic",))
    more, low, high = gain(told, silence.judged_probability(_silence(test)), outcome)
    frame = Frame.of(test, model.features)
    labels: dict[str, Any] = {each.key: each.label for each in ground.catalogue.available.values()}
    return replace(
        card,
        baseline=text("models.churn-baseline"),
        gain=more,
        gain_low=low,
        gain_high=high,
        counted=text("models.churn-counted"),
        effects=effects(frame, 1 - outcome, model.contributions(frame), labels, _EFFECTS),
    )


def _silence(table: pa.Table) -> Frame:
    """How long customers have been silent, in their usual gaps."""
    gaps = column(table, "recency_days") / np.maximum(column(table, "cycle_days"), 1.0)
    feature = Feature(key="silence", kind=Kind.NUMBER, label=text("models.churn-baseline"))
    return Frame(features=(feature,), values=np.log1p(np.maximum(gaps, 0.0))[:, None])
