"""The whole plan: every file read, linked and mapped, with what the answers so far say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import text
from carpel.sources.proposal.answering import as_answered
from carpel.sources.proposal.asking import Answers, is_left_out, overrides_of, questions_of
from carpel.sources.proposal.belonging import with_own_columns
from carpel.sources.proposal.currencies import guessed_currency
from carpel.sources.proposal.deriving import orders_of_won
from carpel.sources.proposal.doubling import completed
from carpel.sources.proposal.evidence import Evidence
from carpel.sources.proposal.links import Links, own_key
from carpel.sources.proposal.mapping import Mapper
from carpel.sources.proposal.matching import Reading, best_reading
from carpel.sources.proposal.plan import AttributePlan, ColumnPlan, Plan, Setting, SourcePlan, TablePlan
from carpel.sources.proposal.revenue import chosen_revenue, revenue_tables
from carpel.sources.proposal.spending import spending_of
from carpel.sources.proposal.unsold import sales_only
from carpel.sources.settings import REQUIRED

_COLUMNS_SHOWN: Final = 12


def make_plan(
    evidence: Evidence, answers: Answers, *, workspace: str, currency: str | None = None, time_zone: str = "UTC"
) -> Plan:
    """What carpel.yaml should say.

    Raises:
        CarpelError: Nothing in the files is recognisable as a customer.
    """
    readings = dict(_readings(evidence, answers))
    keys = {name: key for name, reading in readings.items() if (key := own_key(reading)) is not None}
    links = Links(evidence=evidence, readings=readings, keys=keys)
    mapped = [as_answered(_source(name, reading, links), answers) for name, reading in readings.items()]
    sources = _with_lookups(with_own_columns(_sold(_usable(mapped), answers)), evidence)
    if not any(_knows_customers(source) for source in sources):
        raise _nothing_recognised(evidence)
    chosen = guessed_currency(sources)
    wish = currency or answers.get("currency")
    plan = Plan(
        workspace=workspace,
        currency=Setting(value=wish, why=text("proposal.chosen")) if wish and wish != chosen.value else chosen,
        time_zone=Setting(value=time_zone, why=text("proposal.time-zone")),
        revenue=chosen_revenue(sources, answers),
        sources=sources,
        unused=tuple(each for name, each in evidence.tables.items() if name not in {s.seen.name for s in sources}),
        attributes=tuple(_attributes(sources)),
    )
    return replace(plan, questions=tuple(questions_of(plan, links, asks_currency=currency is None)))


def _readings(evidence: Evidence, answers: Answers) -> Iterator[tuple[str, Reading]]:
    for name, seen in evidence.tables.items():
        if not is_left_out(answers, name):
            overrides = overrides_of(answers, name)
            reading = best_reading(seen, overrides)
            if reading is not None:
                yield name, completed(reading, overrides, evidence)


def _source(name: str, reading: Reading, links: Links) -> SourcePlan:
    tables = Mapper(source=name, reading=reading, links=links).tables()
    why = text(f"proposal.row-of-{reading.shape.table}", count=reading.seen.rows)
    return SourcePlan(seen=reading.seen, tables=tables, why=why)


def _usable(sources: Sequence[SourcePlan]) -> tuple[SourcePlan, ...]:
    """Only tables with the columns without which they mean nothing; lines only where there are orders."""
    whole = [_only(source, _is_whole) for source in sources]
    if not any(source.table("orders") for source in whole):
        whole = [_only(source, lambda table: table.table != "order_lines") for source in whole]
    elif any(source.table("order_lines") for source in whole):
        whole = [_with_order_ids(source) for source in whole]
    return tuple(source for source in whole if source.tables)


def _only(source: SourcePlan, keep: Callable[[TablePlan], bool]) -> SourcePlan:
    return replace(source, tables=tuple(table for table in source.tables if keep(table)))


def _is_whole(table: TablePlan) -> bool:
    return all(any(table.column(name) for name in group) for group in REQUIRED[table.table])


def _with_order_ids(source: SourcePlan) -> SourcePlan:
    """Where lines refer to orders by id, orders of a file without ids get one from who, when and how much."""
    orders = source.table("orders")
    if orders is None or orders.column("order_id"):
        return source
    parts = [each for name in ("customer_id", "ordered_at", "amount") if (each := orders.column(name))]
    columns = tuple(column for part in parts for column in part.columns)
    made = ColumnPlan(
        name="order_id",
        form={"columns": list(columns), "join": " "},
        columns=columns,
        why=text("proposal.why-order-made"),
    )
    changed = replace(orders, columns=(made, *orders.columns))
    return replace(source, tables=tuple(changed if each is orders else each for each in source.tables))


def _sold(sources: tuple[SourcePlan, ...], answers: Answers) -> tuple[SourcePlan, ...]:
    """Won opportunities as orders where nothing else is; orders under which nothing was sold left out."""
    return sales_only(orders_of_won(sources, answers), answers)


def _with_lookups(sources: tuple[SourcePlan, ...], evidence: Evidence) -> tuple[SourcePlan, ...]:
    """Files in which names are looked up are sources too, if only for that."""
    wanted = {source for plan in sources for source in _looked_up(plan)} - {plan.seen.name for plan in sources}
    added = [
        SourcePlan(seen=evidence.tables[name], tables=(), why=text("proposal.row-of-names")) for name in sorted(wanted)
    ]
    return tuple(sorted((*sources, *added), key=lambda plan: plan.seen.name))


def _looked_up(plan: SourcePlan) -> Iterator[str]:
    for table in plan.tables:
        for column in table.columns:
            if isinstance(column.form, Mapping) and isinstance(lookup := column.form.get("lookup"), Mapping):
                yield str(lookup["source"])


def _knows_customers(source: SourcePlan) -> bool:
    return any(table.column("customer_id") for table in source.tables)


def _attributes(sources: Sequence[SourcePlan]) -> Iterator[AttributePlan]:
    """What customers spent, by their own table's columns, where no table of sales says it."""
    if revenue_tables(sources):
        return
    for source in sources:
        table = source.table("customers")
        if table is not None and len(source.tables) == 1 and (found := spending_of(source)) is not None:
            yield found
            return


def _nothing_recognised(evidence: Evidence) -> CarpelError:
    names = [column.name for seen in evidence.tables.values() for column in seen.columns]
    shown = ", ".join(" ".join(name.split()) for name in names[:_COLUMNS_SHOWN])
    files = ", ".join(seen.title for seen in evidence.tables.values())
    return CarpelError(
        "proposal.no-customers",
        place=files,
        columns=shown + ("…" if len(names) > _COLUMNS_SHOWN else ""),
    )
