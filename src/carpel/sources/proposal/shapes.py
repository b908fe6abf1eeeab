"""What one row of a file can be: a fact table, with the tables whose columns often lie in the same row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from carpel.crm import TABLES

KEY_TABLES: Final[Mapping[str, str]] = {table.key: table.name for table in TABLES.values()}
"""For the name of a key column, the table whose key it is."""

NAMES_OF_PEOPLE: Final = frozenset({"customers", "contacts", "employees"})
"""Tables of people, whose names may come in parts."""


@dataclass(frozen=True, order=True)
class Target:
    """Where a column may go. A key has one target, its own table's, whichever tables refer to it."""

    table: str
    column: str

    @property
    def is_key(self) -> bool:
        """Whether it is some table's key."""
        return KEY_TABLES.get(self.column) == self.table


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One reading of a file's rows.

    Attributes:
        table: What one row is.
        carries: Tables whose columns may lie in the same row.
        needs: Of each of these groups at least one column must be found.
        any_of: Names without which the name of the file must tell; a table of few words is easily mistaken.
    """

    table: str
    carries: tuple[str, ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    named: bool = False

    @property
    def tables(self) -> tuple[str, ...]:
        """The row's own table and those it carries."""
        return (self.table, *self.carries)


_CUSTOMER: Final = (
    "customers.customer_id",
    "customers.email",
    "customers.phone",
    "customers.name",
    "customers.last_name",
)
_PRODUCT: Final = ("products.product_id", "products.name")

SHAPES: Final[tuple[Shape, ...]] = (
    Shape(table="customers", needs=(_CUSTOMER,)),
    Shape(
        table="contacts",
        needs=(("contacts.contact_id", "contacts.name", "contacts.email"), ("customers.customer_id",)),
        named=True,
    ),
    Shape(table="products", needs=(_PRODUCT,)),
    Shape(
        table="orders",
        carries=("customers",),
        needs=(_CUSTOMER, ("orders.ordered_at",)),
    ),
    Shape(
        table="order_lines",
        carries=("orders", "customers", "products"),
        needs=(
            ("orders.order_id", *_PRODUCT),
            (*_PRODUCT, "order_lines.quantity", "order_lines.unit_price", "order_lines.amount"),
        ),
    ),
    Shape(
        table="invoices",
        carries=("customers",),
        needs=(_CUSTOMER, ("invoices.issued_at",), ("invoices.amount",)),
        named=True,
    ),
    Shape(
        table="payments",
        carries=("customers",),
        needs=(
            (*_CUSTOMER, "invoices.invoice_id", "orders.order_id", "contracts.contract_id"),
            ("payments.paid_at",),
            ("payments.amount",),
        ),
        named=True,
    ),
    Shape(
        table="contracts",
        carries=("customers",),
        needs=(
            _CUSTOMER,
            ("contracts.contract_id", "contracts.recurring_amount"),
            ("contracts.signed_at", "contracts.starts_on"),
        ),
    ),
    Shape(
        table="opportunities",
        carries=("customers",),
        needs=(
            _CUSTOMER,
            ("opportunities.stage", "opportunities.won"),
            ("opportunities.opened_at", "opportunities.closed_at"),
        ),
    ),
    Shape(table="interactions", carries=("customers",), needs=(_CUSTOMER, ("interactions.happened_at",)), named=True),
    Shape(table="usage", carries=("customers",), needs=(_CUSTOMER, ("usage.used_at",)), named=True),
    Shape(
        table="feedback",
        carries=("customers",),
        needs=(_CUSTOMER, ("feedback.given_at",), ("feedback.score", "feedback.text")),
        named=True,
    ),
    Shape(table="employees", needs=(("employees.employee_id", "employees.name"),), named=True),
    Shape(table="costs", carries=(), needs=(("costs.amount",), ("costs.spent_at",)), named=True),
    Shape(table="budgets", needs=(("budgets.amount",), ("budgets.month",)), named=True),
    Shape(
        table="exchange_rates",
        needs=(("exchange_rates.day",), ("exchange_rates.currency", "orders.currency"), ("exchange_rates.rate",)),
    ),
)
"""Every reading that is tried, the simpler first."""
