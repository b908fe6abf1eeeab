"""The demo company as a workspace: data files, carpel.yaml, a scheme, and what is true of it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from carpel.demo import company, exports
from carpel.demo.agreements import agreements, usage
from carpel.demo.assortment import Assortment, assortment, categories_table, products_table
from carpel.demo.billing import bills
from carpel.demo.blocks import Block, Calendar, Floats
from carpel.demo.columns import dates, only, words
from carpel.demo.contact import contacts
from carpel.demo.customer_exports import contacts_table, crm_table, shop_table
from carpel.demo.dirt import soiled
from carpel.demo.files import write_csv, write_excel, write_parquet, write_part
from carpel.demo.people import People, people
from carpel.demo.pipeline import pipeline
from carpel.demo.planted import PARTIES, Planted
from carpel.demo.register import register
from carpel.demo.selling import sales
from carpel.demo.service import NEVER, Service, service
from carpel.demo.voice import voice
from carpel.kernel.dates import zone
from carpel.kernel.errors import CarpelError
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import text

BLOCK_SIZE: Final = 20_000
TIME_ZONE: Final = "Asia/Manila"
CARD: Final = "demo.json"

MOST_CUSTOMERS: Final = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Company:
    """The demo company that was generated.

    Attributes:
        folder: The workspace.
        name: Its name.
        customers: How many customers it has, leads and prospects included; twins count once.
        seed: Which of all possible companies.
        start: The first day of data.
        end: The last day of data.
        rows: Rows of each export.
        faults: Rows touched by each planted fault of the data.
        planted: The structure that waits to be found.
    """

    folder: Path
    name: str
    customers: int
    seed: int
    start: date
    end: date
    rows: Mapping[str, int] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    planted: Planted

    def to_json(self) -> str:
        """The content of demo.json."""
        plain = asdict(self) | {"start": self.start.isoformat(), "end": self.end.isoformat()}
        plain["planted"]["conversion"] = [
            {"within_hours": None if up_to == float("inf") else up_to, "chance": chance}
            for up_to, chance in self.planted.conversion
        ]
        del plain["folder"]
        return json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False)


def generate(
    folder: Path,
    *,
    customers: int = 20_000,
    seed: int = 1,
    end: date | None = None,
    progress: Progress | None = None,
    block_size: int = BLOCK_SIZE,
) -> Company:
    """Write the demo company into a folder.

    The same customers, seed and end give the same data; memory does not grow with the number of customers.

    Args:
        folder: Made where it does not exist. A demo that is there already gets new data; its settings stay.
        customers: How many, leads and prospects included.
        seed: Which company.
        end: The last day of data; by default yesterday.
        progress: Told of each block.
        block_size: Customers made together; another size makes another company.

    Raises:
        CarpelError: The folder holds something else, or the number of customers makes no sense.
    """
    _check(folder, customers, seed)
    calendar = Calendar(end or datetime.now(UTC).astimezone(zone(TIME_ZONE)).date() - timedelta(days=1))
    goods = assortment(seed)
    planted = Planted(cycles=goods.planted_cycles, cross_sells=goods.cross_sells)
    _clear(folder)
    rows, faults = _write_blocks(folder, _blocks(customers, block_size, seed, calendar), goods, planted, progress)
    rows |= _write_company(folder / "data", calendar, goods, seed, customers, -(-customers // block_size))
    _write_settings(folder)
    made = Company(
        folder=folder, name=company.NAME, customers=customers, seed=seed, start=calendar.start, end=calendar.end,
        rows=rows, faults=faults, planted=planted,
    )  # fmt: skip
    (folder / CARD).write_text(made.to_json(), encoding="utf-8")
    return made


def _check(folder: Path, customers: int, seed: int) -> None:
    if not 1 <= customers <= MOST_CUSTOMERS:
        raise CarpelError("demo.customers", customers=customers, most=MOST_CUSTOMERS)
    if seed < 0:
        raise CarpelError("demo.seed", seed=seed)
    if folder.exists() and not folder.is_dir():
        raise CarpelError("demo.not-a-folder", place=str(folder))
    if folder.is_dir() and any(folder.iterdir()) and not (folder / CARD).is_file():
        raise CarpelError("demo.folder-not-empty", place=str(folder))


def _clear(folder: Path) -> None:
    """An earlier demo's data would mix with the new."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("data", "truth"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir()


def _blocks(customers: int, size: int, seed: int, calendar: Calendar) -> list[Block]:
    return [
        Block(index=index, first=first + 1, size=min(size, customers - first), seed=seed, calendar=calendar)
        for index, first in enumerate(range(0, customers, size))
    ]


def _write_blocks(
    folder: Path, blocks: list[Block], goods: Assortment, planted: Planted, progress: Progress | None
) -> tuple[dict[str, int], dict[str, int]]:
    shown = progress or Silent()
    shown.stage(text("demo.generating", name=company.NAME))
    rows: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    for block in blocks:
        rates = company.exchange_rates(block.calendar, block.seed)
        for name, table in _tables(block, goods, rates, planted, faults):
            rows[name] += table.num_rows
            if name == "truth":
                write_parquet(table, folder / "truth" / f"part-{block.index:04d}.parquet")
            else:
                write_part(folder / "data", name, block.index, table)
        shown.advance(block.index + 1, len(blocks))
    return dict(rows), dict(faults)


def _tables(
    block: Block, goods: Assortment, rates: Floats, planted: Planted, faults: Counter[str]
) -> Iterator[tuple[str, Any]]:
    """Everything about the customers of a block, with its faults."""
    who = people(block, planted)
    care = service(block, who, planted)
    known = register(block, who)
    agreed = agreements(block, who, care, goods, rates)
    sold = sales(block, who, care, agreed, goods, rates, planted)
    billed = bills(block, who, sold, planted)
    talked = contacts(block, who, care, goods)
    tables = {
        "customers": crm_table(block, who, known),
        "accounts": shop_table(block, who, known),
        "contacts": contacts_table(block, who, known),
        "orders": exports.orders_table(block, who, known, sold),
        "order_lines": exports.lines_table(block, sold, goods),
        "invoices": exports.invoices_table(block, who, known, sold, billed),
        "payments": exports.payments_table(block, who, known, sold, billed),
        "contracts": exports.contracts_table(block, who, known, agreed),
        "opportunities": exports.opportunities_table(
            block, who, known, pipeline(block, who, care, goods, rates), goods
        ),
        "interactions": exports.interactions_table(block, who, known, talked, goods),
        "usage": exports.usage_table(block, known, agreed, usage(block, who, agreed, planted), goods),
        "feedback": exports.feedback_table(block, who, known, voice(block, care, sold, goods), goods),
        "costs": exports.costs_table(block, who, known, sold, talked),
    }
    dirty, counts = soiled(block, tables)
    faults.update(counts)
    yield from dirty.items()
    yield "truth", exports.truth_table(known, _hidden(block, who, care, planted))


def _hidden(block: Block, who: People, care: Service, planted: Planted) -> dict[str, Any]:
    """What only the generator knows about each customer."""
    last = block.calendar.last
    growing, shrinking = planted.growing[1], planted.shrinking[1]
    trend = np.select([who.trend == growing, who.trend == shrinking], ["growing", "shrinking"], "steady")
    complained = care.complained < NEVER
    return {
        "party": words(PARTIES, who.party),
        "buys": who.buys,
        "left": who.buys & (care.until < last),
        "left_on": only(dates(block.calendar.dates(np.clip(care.until, 0, last))), who.buys & (care.until < last)),
        "left_after_complaint": care.left,
        "complaint_answered": only(words(("no", "yes"), care.answered.astype(np.int64)), complained),
        "trend": trend,
        "usual_units": np.round(who.size, 3),
    }


def _write_company(
    data: Path, calendar: Calendar, goods: Assortment, seed: int, customers: int, blocks: int
) -> dict[str, int]:
    rates = company.rates_table(calendar, company.exchange_rates(calendar, seed))
    lists = {
        "shop/products.csv": products_table(goods, calendar, seed),
        "shop/categories.csv": categories_table(),
        "finance/exchange_rates.csv": rates,
        "finance/marketing.csv": company.marketing_table(calendar, seed, customers),
    }
    for path, table in lists.items():
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        write_csv(table, data / path)
    sheets = {
        "employees": company.employees_table(blocks, seed),
        "budgets": company.budgets_table(calendar, seed, customers),
    }
    write_excel(sheets, data / "finance" / "staff_and_budgets.xlsx")
    return {Path(path).stem: table.num_rows for path, table in lists.items()} | {
        name: table.num_rows for name, table in sheets.items()
    }


def _write_settings(folder: Path) -> None:
    """carpel.yaml and the scheme; a person's own changes to an earlier demo's stay."""
    source = files("carpel.demo") / "content" / "workspace"
    for name in ("carpel.yaml", "schemes/customers.yaml"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text((source / name).read_text(encoding="utf-8"), encoding="utf-8")
