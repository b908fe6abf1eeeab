"""From facts to profiles: one chain of group-bys for each pass, put side by side, then what follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import ibis

from carpel.crm import Facts
from carpel.kernel.dates import AsOf
from carpel.kernel.engine import Step
from carpel.kernel.texts import text
from carpel.profiles.attributes import Catalogue
from carpel.profiles.available import table_behind
from carpel.profiles.declarations import DERIVED, Declaration, Moment, Pass
from carpel.profiles.declared import pass_of
from carpel.profiles.declared.customers import OWN
from carpel.profiles.parameters import Parameters
from carpel.profiles.rows import known_rows, typed, with_returns

_NUMBER: Final = "customer_no"

_Summaries: TypeAlias = Sequence[tuple[Step, tuple[Declaration, ...]]]


def profile(facts: Facts, catalogue: Catalogue, as_of: AsOf, parameters: Parameters) -> tuple[Step, ...]:
    """The steps that make profiles: the last gives `customer_no` and the attributes of facts in catalogue order.

    One row per customer, ordered by `customer_no`. Facts at or after `as_of` have no part in it.

    Raises:
        CarpelError: The parameters know more than `as_of` allows.
    """
    parameters.refuse_later_than(as_of)
    moment = Moment(as_of=as_of, parameters=parameters)
    plan = _Plan.of(catalogue, catalogue.of_facts)
    return _steps(facts, plan, moment)


def attribute_steps(facts: Facts, catalogue: Catalogue, keys: Iterable[str], moment: Moment) -> tuple[Step, ...]:
    """Steps that give only some attributes; for fitting parameters."""
    return _steps(facts, _Plan.of(catalogue, tuple(keys)), moment)


def needed_keys(catalogue: Catalogue) -> frozenset[str]:
    """All that a catalogue's profiles compute, shown or on the way."""
    return frozenset(_Plan.of(catalogue, catalogue.of_facts).needed)


@dataclass(frozen=True)
class _Plan:
    """What must be computed, and nothing else.

    Attributes:
        wanted: The keys that the result shows, in order.
        needed: Those and all that they are worked out from, each after what it uses.
    """

    wanted: tuple[str, ...]
    needed: Mapping[str, Declaration]

    @classmethod
    def of(cls, catalogue: Catalogue, wanted: tuple[str, ...]) -> _Plan:
        needed: dict[str, Declaration] = {}

        def need(key: str) -> None:
            if key in needed or key not in catalogue.declarations:
                return
            each = catalogue.declarations[key]
            for use in (*each.uses, *each.uses_if_there):
                need(use)
            needed[key] = each

        for key in wanted:
            need(key)
        return cls(wanted, needed)

    def of_pass(self, name: str) -> tuple[Declaration, ...]:
        """The needed attributes that a pass computes."""
        return tuple(each for each in self.needed.values() if each.reads == name)


def _steps(facts: Facts, plan: _Plan, moment: Moment) -> tuple[Step, ...]:
    chains = _by_chain(facts, plan)
    summaries = _unlike([(_summary(facts, table, of, each, moment), each) for (table, of), each in chains.items()])
    together = _together(facts, plan, summaries, moment)
    return (*(step for step, _ in summaries), together, *_derived(plan, together, moment))


def _unlike(summaries: _Summaries) -> _Summaries:
    """The same with no two steps of one name."""
    names: Counter[str] = Counter()
    found = []
    for step, attributes in summaries:
        names[step.name] += 1
        name = step.name if names[step.name] == 1 else f"{step.name}_{names[step.name]}"
        found.append((replace(step, name=name), attributes))
    return found


def _by_chain(facts: Facts, plan: _Plan) -> dict[tuple[str, Pass], tuple[Declaration, ...]]:
    """Attributes by the chain that computes them: passes over one table that see all its rows are one."""
    chains: dict[tuple[str, Pass], tuple[Declaration, ...]] = {}
    plain: dict[str, Pass] = {}
    for each in plan.needed.values():
        chain = pass_of(each)
        if chain:
            table = table_behind(chain.table, facts)
            chain = plain.setdefault(table, chain) if chain.is_plain else chain
            chains[table, chain] = (*chains.get((table, chain), ()), each)
    return chains


def _summary(facts: Facts, table: str, chain: Pass, attributes: tuple[Declaration, ...], moment: Moment) -> Step:
    """One row per customer of whom the table knows anything."""
    rows = _rows(facts, table, moment)
    if chain.rows:
        rows = chain.rows(rows, moment, lambda name: _rows(facts, name, moment) if name in facts.tables else None)
    if chain.keep:
        rows = rows.filter(chain.keep(rows, moment))
    if chain.by:
        parts = {name: chain.parts[name] for name in sorted({part for each in attributes for part in each.parts})}
        rows = rows.group_by(_NUMBER, *chain.by).agg(**{name: part(rows, moment) for name, part in parts.items()})
    values = {each.key: typed(each.expression(rows, moment), each.type) for each in attributes}
    sentence = text("profiles.step-summary", table=table, as_of=moment.as_of.day)
    name = f"{table}_of_customer" if chain.is_plain else chain.name
    return Step(name, sentence, rows.group_by(_NUMBER).agg(**values))


def _rows(facts: Facts, name: str, moment: Moment) -> Any:
    rows = known_rows(facts, name, moment)
    return with_returns(rows) if "amount" in rows.columns else rows


def _together(facts: Facts, plan: _Plan, summaries: _Summaries, moment: Moment) -> Step:
    """Each customer's own columns and the summaries beside them; no rows of a table count as none."""
    rows = known_rows(facts, OWN, moment)
    own = plan.of_pass(OWN)
    joined = rows.select(_NUMBER, **{each.key: typed(each.expression(rows, moment), each.type) for each in own})
    columns = list(joined.columns)
    for number, (step, attributes) in enumerate(summaries):
        joined = joined.left_join(step.unbound(), _NUMBER, rname=f"{{name}}_{number}")
        columns += [each.key for each in attributes]
    result = joined.select(*columns)
    counted = [each for _, attributes in summaries for each in attributes if each.empty is not None]
    empty = {each.key: result[each.key].fill_null(_nothing(each)) for each in counted}
    return Step("together", text("profiles.step-together"), result.mutate(**empty) if empty else result)


def _nothing(declaration: Declaration) -> Any:
    nothing: Any = [] if declaration.empty == () else declaration.empty
    return ibis.literal(nothing, type=declaration.type.ibis)


def _derived(plan: _Plan, together: Step, moment: Moment) -> tuple[Step, ...]:
    """What follows from attributes, layer by layer, and the wanted columns in order."""
    rows = together.unbound()
    for layer in _layers(plan):
        rows = rows.mutate(**{each.key: typed(each.expression(rows, moment), each.type) for each in layer})
    result = rows.select(_NUMBER, *plan.wanted).order_by(_NUMBER)
    return (Step("profiles", text("profiles.step-derived"), result),)


def _layers(plan: _Plan) -> list[list[Declaration]]:
    """Derived attributes in layers: each stands on earlier layers only."""
    depth: dict[str, int] = {}
    layers: list[list[Declaration]] = []
    for key, each in plan.needed.items():
        used = (depth.get(use, 0) for use in (*each.uses, *each.uses_if_there))
        depth[key] = 0 if each.reads != DERIVED else 1 + max(used, default=0)
        if depth[key]:
            layers.extend([[]] * (depth[key] - len(layers)))
            layers[depth[key] - 1] = [*layers[depth[key] - 1], each]
    return layers
