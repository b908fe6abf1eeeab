"""Orders cancelled, refunded or never paid: asked about once, with what they weigh, and left out by default."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from carpel.sources.proposal import Proposal, Question
from carpel.sources.proposal.values import without_sale
from tests.sources.proposal.exports import Row, odoo, shopify, taobao, woocommerce, write
from tests.sources.proposal.reading_back import proposed, sources_of


def asked(proposal: Proposal) -> Question | None:
    """The question about orders without sale; there is at most one for a file."""
    found = [each for each in proposal.questions if each.key.startswith("no_sale.")]
    assert len(found) <= 1
    return found[0] if found else None


def wheres(proposal: Proposal) -> dict[str, str]:
    (source,) = sources_of(proposal).values()
    return {table: mapping.where for table, mapping in source.tables.items() if mapping.where}


def test_a_status_on_an_orders_first_line_holds_for_the_order(tmp_path: Path) -> None:
    statuses = ("paid", "refunded", "partially_refunded", "pending", "paid", "voided")
    proposal = proposed(shopify(tmp_path, statuses))
    question = asked(proposal)
    assert question is not None
    assert question.default == "leave-out"
    # Every second order; an order's total is 30 and 1.25 more for each before it.
    money = sum(Decimal(30) + order * Decimal("1.25") for order in range(1, 60, 2))
    assert question.text.render("en") == (
        "30 orders of orders_export were cancelled, refunded or never paid (pending, refunded, voided); "
        f"they amount to ₱{money:,.2f}. Leave them out of sales?"
    )
    left_out = "`Financial Status` is null or not (`Financial Status` in ('pending', 'refunded', 'voided'))"
    assert wheres(proposal) == {"orders": left_out}
    assert "# nothing was sold under: pending, refunded, voided" in proposal.settings
    assert wheres(proposal.answer({question.key: "keep"})) == {}


def test_a_file_without_such_orders_is_not_asked_about(tmp_path: Path) -> None:
    assert asked(proposed(shopify(tmp_path, ("paid", "partially_refunded", "partially_paid", "authorized")))) is None


def test_chinese_statuses_are_understood(tmp_path: Path) -> None:
    proposal = proposed(taobao(tmp_path))
    question = asked(proposal)
    assert question is not None
    assert "40 个订单" in question.text.render("zh-Hans")
    assert set(wheres(proposal).values()) == {"not (订单状态 in ('交易关闭', '等待买家付款'))"}


def test_lines_that_repeat_their_orders_total_count_it_once(tmp_path: Path) -> None:
    question = asked(proposed(woocommerce(tmp_path)))
    assert question is not None
    # Every third order of 80 was cancelled; an order is worth 100 and 3 more for each before it.
    assert question.text.params["count"] == 27
    assert str(question.text.params["money"]).endswith(f"{sum(100 + order * 3 for order in range(1, 80, 3)):,}.00")


def test_orders_whose_lines_lie_in_another_file_are_left_out_with_them(tmp_path: Path) -> None:
    sources = sources_of(proposed(odoo(tmp_path)))
    assert sources["sale_order"].tables["orders"].where == "not (state = 'draft')"
    assert sources["sale_order_line"].tables["order_lines"].where is None


@pytest.mark.parametrize(("column", "default"), [("Payment Status", "leave-out"), ("Delivery Status", "keep")])
def test_goods_that_wait_may_be_sold(column: str, default: str, tmp_path: Path) -> None:
    rows: list[Row] = [
        [f"o{i}", f"c{i % 17}", f"2025-01-{1 + i % 28:02d}", ("done", "pending")[i % 2], 10 + i] for i in range(60)
    ]
    proposal = proposed(
        write(tmp_path / "orders.csv", ["Order ID", "Customer ID", "Order Date", column, "Total"], rows)
    )
    question = asked(proposal)
    assert question is not None
    assert question.default == default
    assert bool(wheres(proposal)) == (default == "leave-out")


@pytest.mark.parametrize(
    "word",
    ["Cancelled", "canceled", "VOIDED", "Refunded", "returned", "Pending", "unpaid", "Awaiting payment", "failed",
     "Expired", "draft", "on-hold", "wc-cancelled", "已取消", "已退款", "未付款", "待付款", "交易关闭",
     "交易關閉", "訂單取消", "退貨完成", "Kanselado", "hindi pa bayad", "ibinalik"],
)  # fmt: skip
def test_words_for_no_sale(word: str) -> None:
    assert without_sale([(word, 1)]) == (word,)


@pytest.mark.parametrize(
    "word",
    ["paid", "partially_refunded", "partially refunded", "部分退款", "交易成功", "Completed", "Processing", "bayad"],
)
def test_words_for_sales(word: str) -> None:
    assert without_sale([(word, 1)]) == ()
