"""What each customer is worth: by how they buy, and by what they have signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.models.attributes import HIGH, LOW
from carpel.models.cards import Card, Supply
from carpel.models.declared.value import ESTIMATED
from carpel.models.frames.moments import NUMBER, sampled
from carpel.models.learning import Customers, Ground, Model
from carpel.models.reasons import Reason
from carpel.models.rungs import Rung
from carpel.models.value.arrays import Array, Positions
from carpel.models.value.contract_value import FOR_A_MODEL as CONTRACTS_NEEDED
from carpel.models.value.contract_value import ContractValue, ContractWorth, decided, learn_contracts
from carpel.models.value.estimating import Estimates
from carpel.models.value.order_value import FOR_A_MODEL, RETURNED, OrderValue, Trial, Worth, learn_orders, tried
from carpel.models.value.rhythms import (
    Rhythm,
    Tenures,
    charges_are_told_apart,
    contract_tenures,
    earlier,
    has_contracts,
    has_purchases,
    purchase_rhythm,
)
from carpel.models.value.saying import of_contracts, of_purchases
from carpel.profiles import Attribute

DISCOUNT: Final = 0.1
"""What waiting a year costs."""
_SHORTEST, _LONGEST = 4, 52
_NO_TIME: Final = 12
"""Weeks; with less history nothing is left to judge by."""


def learn(model: Model, ground: Ground) -> LearnedValue:
    """Choose the model of orders on the past; learn orders, spend and contracts from everything."""
    evidence = _evidence(ground)
    orders, said = learn_orders(evidence.rhythm, evidence.trial, DISCOUNT) if evidence.rhythm else (None, ())
    contracts, of_contracts = learn_contracts(evidence.tenures, DISCOUNT) if evidence.tenures else (None, ())
    adds = charges_are_told_apart(ground.facts)
    doubled = (text("models.value-charges-in-orders"),) if contracts and not adds else ()
    card = _card(model, ground.as_of, evidence, orders, contracts)
    card = replace(card, remarks=(*said, *of_contracts, *doubled))
    return LearnedValue(card=card, orders=orders, contracts=contracts, contracts_add=adds)


def restored(model: Model, kept: Mapping[str, Any], card: Card) -> LearnedValue:  # noqa: ARG001 (as all models have it)
    """What learned before."""
    return LearnedValue(
        card=card,
        orders=OrderValue.from_json(kept["orders"]) if kept["orders"] else None,
        contracts=ContractValue.from_json(kept["contracts"]) if kept["contracts"] else None,
        contracts_add=kept["contracts_add"],
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Evidence:
    """What there is to learn from.

    Attributes:
        rhythm: How customers have bought; None where nothing says.
        tenures: What they have signed; None where nothing says.
        trial: How models did on the last part of the past; None where it is too short.
        judged: Where that part begins.
    """

    rhythm: Rhythm | None
    tenures: Tenures | None
    trial: Trial | None
    judged: AsOf | None

    @property
    def customers(self) -> int:
        if self.rhythm:
            return len(self.rhythm.days)
        return len(self.tenures.numbers) if self.tenures else 0


def _evidence(ground: Ground) -> _Evidence:
    tenures = _tenures(ground)
    rhythm = _rhythm(ground, ground.as_of) if has_purchases(ground.facts) else None
    trial, start = None, None
    first = ground.facts.first_event
    weeks = (ground.as_of.day - first).days // 7 if first else 0
    if rhythm and weeks >= _NO_TIME:
        start = earlier(ground.as_of, int(np.clip(weeks // 3, _SHORTEST, _LONGEST)))
        before = _rhythm(ground, start)
        trial = tried(before, rhythm) if before else None
    return _Evidence(rhythm=rhythm, tenures=tenures, trial=trial, judged=start if trial else None)


def _rhythm(ground: Ground, as_of: AsOf) -> Rhythm | None:
    bindings = ground.facts.bindings(sampled(ground.facts))
    table = ground.engine.read(purchase_rhythm(ground.facts, as_of), bindings)
    return Rhythm.of(table, as_of) if table.num_rows else None


def _tenures(ground: Ground) -> Tenures | None:
    if not has_contracts(ground.facts):
        return None
    bindings = ground.facts.bindings(sampled(ground.facts))
    table = ground.engine.read(contract_tenures(ground.facts, ground.as_of), bindings)
    return Tenures.of(table, ground.as_of) if table.num_rows else None


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedValue:
    """What was learned of orders and contracts.

    Attributes:
        card: What is told of it.
        orders: Of orders; None where nobody bought.
        contracts: Of contracts; None where none has come to an end.
        contracts_add: Whether what contracts bring comes beside what orders bring; else the greater of the two counts.
    """

    card: Card
    orders: OrderValue | None
    contracts: ContractValue | None
    contracts_add: bool

    @property
    def needs(self) -> frozenset[str]:
        """Nothing: rhythms are read from the facts."""
        return frozenset()

    def answers(self, customers: Customers) -> Mapping[str, pa.Array]:
        """Orders, value and renewal to expect of each customer."""
        numbers = np.asarray(customers.profiles[NUMBER], dtype=np.intp)
        found = self._bought(customers, numbers)
        signed = self._signed(customers, numbers)
        both = {key: self._sum(found.get(key), signed.get(key)) for key in dict.fromkeys([*found, *signed])}
        return {
            name: _column(end, ESTIMATED[key][0])
            for key, estimates in both.items()
            for name, end in ((key, estimates.value), (key + LOW, estimates.low), (key + HIGH, estimates.high))
        }

    def reasons(self, customers: Customers) -> tuple[tuple[Reason, ...], ...]:
        """Each customer's own rhythm, and what they have signed."""
        facts, as_of = customers.ground.facts, customers.ground.as_of
        found: dict[int, list[Reason]] = {int(number): [] for number in np.asarray(customers.profiles[NUMBER])}
        said: list[tuple[int, Reason]] = []
        bought = customers.read(purchase_rhythm(facts, as_of)) if self.orders is not None else None
        if bought is not None and bought.num_rows:
            said += of_purchases(Rhythm.of(bought, as_of))
        signed = customers.read(contract_tenures(facts, as_of)) if self.contracts is not None else None
        if signed is not None and signed.num_rows:
            said += of_contracts(Tenures.of(signed, as_of))
        for number, reason in said:
            if number in found:
                found[number].append(reason)
        return tuple(map(tuple, found.values()))

    def _bought(self, customers: Customers, numbers: Positions) -> dict[str, Estimates]:
        if self.orders is None:
            return {}
        facts, as_of = customers.ground.facts, customers.ground.as_of
        table = customers.read(purchase_rhythm(facts, as_of))
        if not table.num_rows:
            return {}
        rhythm = Rhythm.of(table, as_of)
        return {
            key: _placed(each, rhythm.numbers, numbers) for key, each in _of_orders(self.orders.worth(rhythm)).items()
        }

    def _signed(self, customers: Customers, numbers: Positions) -> dict[str, Estimates]:
        if self.contracts is None:
            return {}
        facts, as_of = customers.ground.facts, customers.ground.as_of
        table = customers.read(contract_tenures(facts, as_of))
        if not table.num_rows:
            return {}
        tenures = Tenures.of(table, as_of)
        return {
            key: _placed(each, tenures.numbers, numbers)
            for key, each in _of_contracts(self.contracts.worth(tenures)).items()
        }

    def _sum(self, one: Estimates | None, other: Estimates | None) -> Estimates:
        """Both where both are known."""
        if one is None or other is None:
            known = one or other
            assert known is not None  # noqa: S101 (one of them is there)
            return known
        return one.together(other, _added if self.contracts_add else np.fmax)

    def to_json(self) -> dict[str, Any]:
        """All of it but the card."""
        return {
            "orders": self.orders.to_json() if self.orders else None,
            "contracts": self.contracts.to_json() if self.contracts else None,
            "contracts_add": self.contracts_add,
        }


def _of_orders(worth: Worth) -> dict[str, Estimates]:
    found = {
        "expected_orders_90d": worth.orders,
        "alive_probability": worth.alive,
        "clv_12m": worth.year,
        "clv_lifetime": worth.lifetime,
    }
    margins = {f"{key}_margin": _share_of(found[key], worth.margin) for key in ("clv_12m", "clv_lifetime")}
    return found | margins


def _of_contracts(worth: ContractWorth) -> dict[str, Estimates]:
    return {"renewal_probability": worth.renewal, "clv_12m": worth.year, "clv_lifetime": worth.lifetime}


def _share_of(value: Estimates, share: Array) -> Estimates:
    ends = np.sort(np.stack([value.low * share, value.high * share]), axis=0)
    return Estimates(value.value * share, ends[0], ends[1], value.level)


def _placed(found: Estimates, theirs: Positions, numbers: Positions) -> Estimates:
    """In order of all customers; NaN of those of whom nothing is known."""

    def placed(values: Array) -> Array:
        everybody = np.full(len(numbers), np.nan)
        everybody[np.searchsorted(numbers, theirs)] = values
        return everybody

    return found.each(placed)


def _added(one: Array, other: Array) -> Array:
    neither = np.isnan(one) & np.isnan(other)
    return np.where(neither, np.nan, np.nan_to_num(one) + np.nan_to_num(other))


def _column(values: Array, attribute: Attribute) -> pa.Array:
    if attribute.type is ValueType.MONEY:
        whole = np.where(np.isfinite(values), np.rint(np.nan_to_num(values)), 0).astype(np.int64)
        return pa.array(whole, mask=~np.isfinite(values))
    return pa.array(values, mask=~np.isfinite(values))


def _card(
    model: Model, as_of: AsOf, evidence: _Evidence, orders: OrderValue | None, contracts: ContractValue | None
) -> Card:
    rung = orders.rung if orders else contracts.rung if contracts else Rung.RULE
    supplies = (*_supplies(evidence.rhythm), *_contract_supplies(evidence.tenures))
    card = Card(
        key=model.key,
        asks=model.asks,
        as_of=as_of,
        rung=rung,
        wanted=_wanted(rung, supplies),
        method=_method(orders, contracts),
        supplies=supplies,
        parameters=dict(orders.model.result.parameters) if orders and orders.model else None,
        customers=evidence.customers,
    )
    return _judged(card, evidence)


def _method(orders: OrderValue | None, contracts: ContractValue | None) -> str | None:
    learned = (
        orders.model if orders else None,
        orders.spend if orders else None,
        contracts.model if contracts else None,
    )
    return " + ".join(each.title for each in learned if each) or None


def _judged(card: Card, evidence: _Evidence) -> Card:
    """A card with how the chosen model did on what came later."""
    trial, judged = evidence.trial, evidence.judged
    if trial is None or judged is None:
        return card
    return replace(
        card,
        baseline=text("models.value-baseline"),
        gain=trial.baseline.behind,
        gain_low=trial.baseline.low,
        gain_high=trial.baseline.high,
        judged_from=judged.day,
        judged_until=card.as_of.day,
        contenders=trial.contenders,
        bands=trial.bands,
        counted=text("models.value-counted"),
    )


def _supplies(rhythm: Rhythm | None) -> tuple[Supply, ...]:
    bought = 0 if rhythm is None else len(rhythm.days)
    again = 0 if rhythm is None else int((rhythm.days > 1).sum())
    return (
        Supply(of=text("models.supply-buyers"), had=bought, needed=FOR_A_MODEL),
        Supply(of=text("models.supply-returned"), had=again, needed=RETURNED),
    )


def _contract_supplies(tenures: Tenures | None) -> tuple[Supply, ...]:
    if tenures is None:
        return ()
    return (Supply(of=text("models.supply-decided-contracts"), had=sum(decided(tenures)), needed=CONTRACTS_NEEDED),)


def _wanted(rung: Rung, supplies: tuple[Supply, ...]) -> Text | None:
    if rung is Rung.MODEL:
        return None
    short = next((each for each in supplies if not each.suffices), None)
    if short is None:
        return text("models.wanted-more-history")
    return text("models.wanted-more", had=short.had, count=short.needed, of=short.of)
