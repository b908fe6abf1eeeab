"""Small exports such as shops and CRMs write, made up here."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = Sequence[object]


def write(path: Path, header: Sequence[str], rows: Iterable[Row], *, encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def flat_lines(count: int = 120) -> list[tuple[object, ...]]:
    """customer, name, order, moment, product, product's name, category, quantity, price, amount, city."""
    rows: list[tuple[object, ...]] = []
    for line in range(count):
        order, product = line // 2, line * 7 % 9
        customer = order * 5 % 31
        price, quantity = 10.5 + product, 1 + line % 4
        moment = f"2024-{1 + order % 9:02d}-{13 + order % 15:02d} 10:{order % 60:02d}:00"
        rows.append(
            (
                f"K{customer:04d}", f"王{customer}号", f"D{2024000 + order}", moment, f"SP{product:03d}",
                f"茶叶{product}号", ("绿茶", "红茶")[product % 2], quantity, price, quantity * price,
                ("北京", "上海")[customer % 2],
            )
        )  # fmt: skip
    return rows


def shopify(folder: Path, statuses: Sequence[str] = ("paid",)) -> Path:
    header = [
        "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Currency", "Subtotal", "Shipping",
        "Total", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Billing Name",
        "Billing City", "Billing Country", "Source", "Id",
    ]  # fmt: skip
    rows: list[Row] = []
    for order in range(60):
        day = f"2024-{1 + order % 9:02d}-{13 + order % 15:02d}"
        total = 30 + order * 1.25
        paid = [statuses[order % len(statuses)], f"{day} 10:00:00", "fulfilled"]
        head = [*paid, "PHP", total - 5, 5, total, f"{day} 09:50:00"]
        tail = [f"Ana {chr(65 + order % 25)}", "Manila", "PH", "web", 5_000_000 + order]
        for line in range(1 + order % 3):
            product = (order + line) % 8
            what = [1 + line, f"Shirt {product}", f"{9 + product}.50", f"SKU-{product}"]
            name, email = f"#{1001 + order}", f"c{order % 25}@mail.test"
            rows.append([name, email, *(head if line == 0 else [""] * 8), *what, *(tail if line == 0 else [""] * 5)])
    return write(folder / "orders_export.csv", header, rows)


def woocommerce(folder: Path) -> Path:
    header = [
        "Order Number", "Order Status", "Order Date", "First Name (Billing)", "Last Name (Billing)", "Email (Billing)",
        "City (Billing)", "Country Code (Billing)", "Item #", "SKU", "Item Name", "Quantity (- Refund)", "Item Cost",
        "Order Total Amount",
    ]  # fmt: skip
    rows: list[Row] = []
    for order in range(80):
        buyer = order % 30
        for line in range(1 + order % 3):
            product = (order + line) % 9
            rows.append(
                [
                    5000 + order, ("Completed", "Cancelled", "Processing")[order % 3],
                    f"2024-{1 + order % 9:02d}-15 10:00", f"Ana{'abcdef'[buyer % 6]}", f"Cruz{'abcdef'[buyer // 6]}",
                    f"u{buyer}@shop.test", "Cebu", "PH", line + 1, f"SKU{product}", f"Cup {product}", 1 + line,
                    5.25 + product, 100 + order * 3,
                ]
            )  # fmt: skip
    return write(folder / "woo.csv", header, rows)


def odoo(folder: Path) -> Path:
    write(
        folder / "res_partner.csv",
        ["id", "name", "is_company", "email", "phone", "city"],
        [[i, f"Name {chr(64 + i)}", ("true", "false")[i % 2], f"p{i}@o.test", f"091700000{i:02d}", "Cebu"]
         for i in range(1, 27)],
    )  # fmt: skip
    write(
        folder / "sale_order.csv",
        ["id", "name", "partner_id", "date_order", "amount_total", "state", "user_id"],
        [[i, f"S{i:05d}", 1 + i % 26, f"2024-{1 + i % 9:02d}-15 10:00:00", 10.25 + i, ("sale", "draft")[i % 5 == 0],
          1 + i % 3] for i in range(1, 120)],
    )  # fmt: skip
    write(
        folder / "sale_order_line.csv",
        ["id", "order_id", "product_id", "product_uom_qty", "price_unit", "discount", "price_subtotal"],
        [[i, 1 + i % 119, 1 + i % 12, 1 + i % 4, 5.5 + i % 7, (0, 10)[i % 2], 6.25 + i] for i in range(1, 300)],
    )
    write(
        folder / "product_template.csv",
        ["id", "name", "categ_id", "list_price", "standard_price"],
        [[i, f"Prod {i}", 1 + i % 3, 9.5 + i, 4.5 + i] for i in range(1, 13)],
    )
    return folder


def wukong(folder: Path) -> Path:
    def month(number: int) -> str:
        return f"2023-{1 + number % 9:02d}-15"

    write(
        folder / "客户.csv",
        ["客户名称", "客户级别", "客户行业", "客户来源", "手机", "邮箱", "负责人", "成交状态", "创建时间"],
        [[f"公司{i}", "A", "制造", "广告", f"138{i:08d}", f"a{i}@b.test", "张三", ("已成交", "未成交")[i % 2],
          "2022-12-15 10:00:00"] for i in range(50)],
        encoding="gb18030",
    )  # fmt: skip
    write(
        folder / "合同.csv",
        ["合同编号", "合同名称", "客户名称", "合同金额", "下单时间", "合同开始时间", "合同结束时间", "合同状态"],
        [[f"HT{i}", f"合同{i}", f"公司{i * 3 % 50}", 1000 + i, month(i), month(i), "2024-12-15", "执行中"]
         for i in range(70)],
        encoding="gb18030",
    )  # fmt: skip
    write(
        folder / "回款.csv",
        ["回款编号", "客户名称", "合同编号", "回款日期", "回款金额"],
        [[f"HK{i}", f"公司{i * 3 % 50}", f"HT{i}", month(i + 1), 500 + i] for i in range(70)],
        encoding="gb18030",
    )
    write(
        folder / "跟进记录.csv",
        ["客户名称", "跟进时间", "跟进方式", "内容", "跟进人"],
        [[f"公司{i % 50}", f"{month(i)} 09:00:00", ("电话", "拜访", "投诉")[i % 3], f"谈价格{i}", "李四"]
         for i in range(70)],
        encoding="gb18030",
    )  # fmt: skip
    return folder


def taobao(folder: Path) -> Path:
    header = [
        "订单编号", "买家会员名", "买家实际支付金额", "总金额", "订单状态",
        "收货人姓名", "订单创建时间", "宝贝标题", "宝贝总数量",
    ]  # fmt: skip
    states = ("交易成功", "卖家已发货，等待买家确认", "交易成功", "交易关闭", "等待买家付款")
    rows: list[Row] = []
    for order in range(100):
        amount = f"{20 + order * 1.5:.2f}"
        day = f"2025-{1 + order % 9:02d}-{1 + order % 27:02d} 09:00:00"
        buyer, state = order % 37, states[order % 5]
        what = [f"茶叶{order % 9}号", 1 + order % 3]
        rows.append([20250100 + order, f"买家{buyer}", amount, amount, state, f"王{buyer}", day, *what])
    return write(folder / "taobao.csv", header, rows, encoding="gb18030")
