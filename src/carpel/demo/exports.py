"""Events of a block as the company's systems export them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa

from carpel.demo.agreements import FEATURES, Agreements, Usage
from carpel.demo.assortment import Assortment
from carpel.demo.billing import Bills
from carpel.demo.blocks import Block, Ints, Topic
from carpel.demo.columns import DAY_FIRST, dates, instants, money, numbered, only, picked, words, written
from carpel.demo.contact import KINDS, MEANS, NO_OUTCOME, NO_TEXT, OUTCOMES, Contacts
from carpel.demo.people import CHANNELS, STAFF, People
from carpel.demo.phrases import composed
from carpel.demo.pipeline import LOST, STAGES, WON, Pipeline
from carpel.demo.register import Register, online, staff_ids
from carpel.demo.sales import CONTRACT_CHANNEL, Sales
from carpel.demo.voice import QUESTIONS, SCALES, SOURCES, Voice
from carpel.kernel.texts import LANGUAGES

CURRENCIES: Final = ("PHP", "USD")
VAT: Final = 0.12

_ROOM: Final = 10_000_000
"""Numbers that each block may use for its documents."""


def document_ids(prefix: str, block: Block, rows: Ints) -> Any:
    """Ids of a block's documents, by position; unique over the company."""
    return numbered(prefix, block.index * _ROOM + rows + 1, 8)


def orders_table(block: Block, people: People, known: Register, sold: Sales) -> Any:
    """Orders; amounts without tax, in the customer's currency."""
    size = len(sold.owner)
    amount = sold.totals(sold.lines.amount)
    rows = np.arange(size)
    back = sold.returns >= 0
    random = np.random.default_rng([block.seed, block.index + 1, Topic.BUYING, 1])
    helped = (sold.channel < CONTRACT_CHANNEL) & ~online(sold.channel)
    return pa.table(
        {
            "order_no": document_ids("SO", block, rows),
            "customer": known.ids_of(sold.owner, online(sold.channel)),
            "ordered_at": instants(block.calendar.moments(sold.day, sold.second)),
            "channel": words((*CHANNELS, "contract"), sold.channel),
            "status": words(("delivered", "returned"), back.astype(np.int64)),
            "currency": words(CURRENCIES, people.dollars[sold.owner].astype(np.int64)),
            "amount": money(amount),
            "tax": money(np.rint(amount * VAT).astype(np.int64)),
            "discount": money(sold.totals(sold.lines.discount)),
            "employee": only(staff_ids(block.index, random.integers(4, STAFF, size)), helped),
            "contract": only(document_ids("CT", block, np.maximum(sold.contract, 0)), sold.contract >= 0),
            "returns_order": only(document_ids("SO", block, np.maximum(sold.returns, 0)), back & sold.linked),
        }
    )


def lines_table(block: Block, sold: Sales, goods: Assortment) -> Any:
    """Order lines: quantity times unit price less discount is the amount."""
    lines = sold.lines
    return pa.table(
        {
            "line_no": document_ids("L", block, np.arange(len(lines.order))),
            "order_no": document_ids("SO", block, lines.order),
            "sku": words(goods.ids, lines.product),
            "quantity": pa.array(lines.quantity),
            "unit_price": money(lines.unit_price),
            "discount": money(lines.discount),
            "amount": money(lines.amount),
            "cost": money(lines.cost),
        }
    )


def invoices_table(block: Block, people: People, known: Register, sold: Sales, billed: Bills) -> Any:
    """Invoices to organisations, one for each order."""
    order = billed.order
    owner = sold.owner[order]
    amount = sold.totals(sold.lines.amount)[order]
    contract = sold.contract[order]
    return pa.table(
        {
            "invoice_no": document_ids("INV", block, np.arange(len(order))),
            "customer": picked(known.ids, owner),
            "issued_at": instants(block.calendar.moments(sold.day[order], sold.second[order])),
            "due_on": dates(block.calendar.dates(billed.due)),
            "currency": words(CURRENCIES, people.dollars[owner].astype(np.int64)),
            "amount": money(amount),
            "order_no": document_ids("SO", block, order),
            "contract": only(document_ids("CT", block, np.maximum(contract, 0)), contract >= 0),
        }
    )


def payments_table(block: Block, people: People, known: Register, sold: Sales, billed: Bills) -> Any:
    """Payments of invoices, dates day first."""
    rows = np.flatnonzero(billed.paid >= 0)
    order = billed.order[rows]
    owner = sold.owner[order]
    paid = block.calendar.moments(billed.paid[rows], billed.second[rows])
    return pa.table(
        {
            "PaymentNo": document_ids("PAY", block, np.arange(len(rows))),
            "Customer": picked(known.ids, owner),
            "Paid": written(paid, DAY_FIRST),
            "Currency": words(CURRENCIES, people.dollars[owner].astype(np.int64)),
            "Amount": money(sold.totals(sold.lines.amount)[order]),
            "InvoiceNo": document_ids("INV", block, rows),
        }
    )


def contracts_table(block: Block, people: People, known: Register, agreed: Agreements) -> Any:
    """Contracts of twelve months."""
    calendar = block.calendar
    signed = np.maximum(agreed.starts - 7, 0)
    ended = agreed.ends <= calendar.last
    status = np.where(~ended, 0, np.where(agreed.renewed_by >= 0, 1, 2))
    next_one = document_ids("CT", block, np.maximum(agreed.renewed_by, 0))
    return pa.table(
        {
            "ContractNo": document_ids("CT", block, np.arange(len(agreed.owner))),
            "Customer": picked(known.ids, agreed.owner),
            "Signed": dates(calendar.dates(signed)),
            "Starts": dates(calendar.dates(agreed.starts)),
            "Ends": dates(calendar.dates(agreed.ends - 1)),
            "Currency": words(CURRENCIES, people.dollars[agreed.owner].astype(np.int64)),
            "Amount": money(agreed.recurring * 12),
            "Monthly": money(agreed.recurring),
            "Period": words(("month",), np.zeros(len(agreed.owner), dtype=np.int64)),
            "Status": words(("running", "renewed", "ended"), status),
            "RenewedBy": only(next_one, ended & (agreed.renewed_by >= 0)),
        }
    )


def opportunities_table(block: Block, people: People, known: Register, open_sales: Pipeline, goods: Assortment) -> Any:
    """Opportunities with their stage today."""
    owner, calendar = open_sales.owner, block.calendar
    nine = np.full(len(owner), 9 * 3600)
    closed = open_sales.closed >= 0
    close_day = np.maximum(open_sales.closed, 0)
    return pa.table(
        {
            "DealNo": document_ids("D", block, np.arange(len(owner))),
            "Customer": picked(known.ids, owner),
            "SKU": words(goods.ids, open_sales.product),
            "Stage": words(STAGES, open_sales.stage),
            "Currency": words(CURRENCIES, people.dollars[owner].astype(np.int64)),
            "Amount": money(open_sales.amount),
            "Opened": written(calendar.moments(open_sales.opened, nine), "%Y-%m-%d %H:%M"),
            "Closed": only(written(calendar.moments(close_day, nine + 7 * 3600), "%Y-%m-%d %H:%M"), closed),
            "Won": only(
                words(("N", "Y"), (open_sales.stage == WON).astype(np.int64)), open_sales.stage >= min(WON, LOST)
            ),
            "Rep": staff_ids(block.index, np.maximum(people.manager[owner], 4)),
        }
    )


def usage_table(block: Block, known: Register, agreed: Agreements, used: Usage, goods: Assortment) -> Any:
    """Weekly counts of what customers do with the subscription."""
    return pa.table(
        {
            "event": document_ids("U", block, np.arange(len(used.day))),
            "customer": picked(known.ids, agreed.owner[used.contract]),
            "used_at": instants(block.calendar.moments(used.day, used.second)),
            "sku": words(goods.ids, agreed.product[used.contract]),
            "feature": words(FEATURES, used.feature),
            "times": pa.array(used.quantity),
        }
    )


def interactions_table(block: Block, people: People, known: Register, talked: Contacts, goods: Assortment) -> Any:
    """Interactions with their text; a record a line."""
    random = np.random.default_rng([block.seed, block.index + 1, Topic.CONTACT, 1])
    size = len(talked.owner)
    category = np.maximum(talked.category, 0)
    product = goods.first_product[category] + random.integers(0, 3, size)
    said = composed(random, np.maximum(talked.topic, 0), people.language[talked.owner], category, goods)
    moment = block.calendar.moments(talked.day, talked.second)
    follow = block.calendar.moments(np.maximum(talked.next_day, 0), np.full(size, 10 * 3600))
    return pa.table(
        {
            "id": document_ids("IN", block, np.arange(size)),
            "customer": picked(known.ids, talked.owner),
            "at": written(moment, "%Y-%m-%dT%H:%M:%S"),
            "kind": words(KINDS, talked.kind),
            "channel": words(MEANS, talked.means),
            "direction": words(("out", "in"), talked.inward.astype(np.int64)),
            "employee": only(staff_ids(block.index, np.maximum(talked.staff, 0)), talked.staff >= 0),
            "sku": only(words(goods.ids, np.minimum(product, len(goods.ids) - 1)), talked.category >= 0),
            "outcome": only(words(OUTCOMES, talked.outcome), talked.outcome != NO_OUTCOME),
            "minutes": only(pa.array(talked.minutes), talked.minutes > 0),
            "next_at": only(written(follow, "%Y-%m-%dT%H:%M:%S"), talked.next_day >= 0),
            "text": only(said, talked.topic != NO_TEXT),
        }
    )


def feedback_table(block: Block, people: People, known: Register, said: Voice, goods: Assortment) -> Any:
    """Survey answers and reviews."""
    random = np.random.default_rng([block.seed, block.index + 1, Topic.VOICE, 1])
    language = people.language[said.owner]
    words_said = composed(random, said.topic, language, said.category, goods)
    return pa.table(
        {
            "FeedbackNo": document_ids("F", block, np.arange(len(said.owner))),
            "Customer": picked(known.ids, said.owner),
            "Given": written(block.calendar.moments(said.day, said.second), "%Y-%m-%d %H:%M:%S"),
            "Source": words(SOURCES, said.question),
            "Question": words(QUESTIONS, said.question),
            "Score": pa.array(said.score).cast(pa.string()),
            "Scale": pa.array(np.array(SCALES)[said.question]),
            "Words": only(words_said, said.worded),
            "Lang": words(LANGUAGES, language),
            "SKU": only(words(goods.ids, np.maximum(said.product, 0)), said.product >= 0),
        }
    )


def costs_table(block: Block, people: People, known: Register, sold: Sales, talked: Contacts) -> Any:
    """What serving each customer cost, by month: delivery by orders, attention by minutes."""
    orders = np.flatnonzero(sold.channel < CONTRACT_CHANNEL)
    owner = np.r_[sold.owner[orders], talked.owner[talked.minutes > 0]]
    day = np.r_[sold.day[orders], talked.day[talked.minutes > 0]]
    kind = np.r_[np.zeros(len(orders), dtype=np.int64), np.ones(int((talked.minutes > 0).sum()), dtype=np.int64)]
    delivery = 4000 + 1500 * np.sqrt(people.size[sold.owner[orders]]).astype(np.int64)
    amount = np.r_[delivery, talked.minutes[talked.minutes > 0] * 450]
    month = block.calendar.dates(day).astype("datetime64[M]").astype(np.int64)
    codes, place = np.unique((owner * 4000 + month) * 2 + kind, return_inverse=True)
    sums = np.zeros(len(codes), dtype=np.int64)
    np.add.at(sums, place, amount)
    # Booked when the month is over, so that nothing is known before it happened.
    following = ((codes // 2) % 4000 + 1).astype("datetime64[M]").astype("datetime64[D]")
    when = np.minimum(following - np.timedelta64(1, "D"), np.datetime64(block.calendar.end, "D"))
    return pa.table(
        {
            "cost_no": document_ids("CS", block, np.arange(len(codes))),
            "customer": picked(known.ids, codes // 8000),
            "booked": dates(when),
            "currency": words(CURRENCIES, np.zeros(len(codes), dtype=np.int64)),
            "amount": money(sums),
            "category": words(("delivery", "attention"), codes % 2),
        }
    )


def truth_table(known: Register, hidden: dict[str, Any]) -> Any:
    """What is really so about each customer; no system of the company knows it."""
    return pa.table({"customer_id": known.ids, "twin_id": only(known.shop_ids, known.twin)} | hidden)
