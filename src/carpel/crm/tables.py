"""Every fact table, in the order in which facts depend on each other."""

from collections.abc import Mapping
from typing import Final

from carpel.crm.contracts import Column, Known, Table
from carpel.kernel.types import ValueType

_SNAPSHOT: Final = Known.SNAPSHOT


def _id(name: str, references: str | None = None) -> Column:
    return Column(name=name, type=ValueType.ID, references=references)


def _event(name: str, of: ValueType, *values: str) -> Column:
    return Column(name=name, type=of, values=values)


def _snapshot(name: str, of: ValueType, *values: str) -> Column:
    return Column(name=name, type=of, known=_SNAPSHOT, values=values)


def _personal(name: str, of: ValueType = ValueType.TEXT) -> Column:
    return Column(name=name, type=of, known=_SNAPSHOT, personal=True)


def _dated(name: str, of: ValueType, by: str) -> Column:
    return Column(name=name, type=of, known=Known.DATED_BY, dated_by=by)


_V = ValueType

CUSTOMERS: Final = Table(
    name="customers",
    key="customer_id",
    columns=(
        _id("customer_id"),
        _snapshot("relationship", _V.CATEGORY, "lead", "prospect", "customer"),
        _snapshot("kind", _V.CATEGORY, "consumer", "business", "reseller", "internal"),
        _snapshot("organisation_type", _V.CATEGORY, "individual", "enterprise", "government"),
        Column(name="parent_id", type=_V.ID, known=_SNAPSHOT, references="customers"),
        _personal("name"),
        _personal("email"),
        _personal("phone"),
        _snapshot("language", _V.CATEGORY),
        _snapshot("country", _V.CATEGORY),
        _snapshot("region", _V.CATEGORY),
        _snapshot("city", _V.CATEGORY),
        _snapshot("settlement", _V.CATEGORY),
        _snapshot("climate_zone", _V.CATEGORY),
        Column(name="birth_date", type=_V.DATE, personal=True),
        _snapshot("gender", _V.CATEGORY),
        _snapshot("marital_status", _V.CATEGORY),
        _snapshot("household_size", _V.INTEGER),
        _snapshot("education", _V.CATEGORY),
        _snapshot("occupation", _V.CATEGORY),
        _snapshot("income", _V.MONEY),
        _snapshot("social_class", _V.CATEGORY),
        _snapshot("belief", _V.CATEGORY),
        _snapshot("interests", _V.SET),
        _snapshot("values", _V.SET),
        _snapshot("personality", _V.CATEGORY),
        _snapshot("lifestyle", _V.CATEGORY),
        _snapshot("industry", _V.CATEGORY),
        _snapshot("employees", _V.INTEGER),
        _snapshot("annual_revenue", _V.MONEY),
        _snapshot("credit_rating", _V.CATEGORY),
        _snapshot("credit_limit", _V.MONEY),
        _dated("acquired_at", _V.INSTANT, "acquired_at"),
        _dated("acquisition_channel", _V.CATEGORY, "acquired_at"),
        Column(name="account_manager_id", type=_V.ID, known=_SNAPSHOT, references="employees"),
        _snapshot("consent_phone", _V.BOOLEAN),
        _snapshot("consent_email", _V.BOOLEAN),
        _snapshot("consent_message", _V.BOOLEAN),
    ),
)

CONTACTS: Final = Table(
    name="contacts",
    key="contact_id",
    columns=(
        _id("contact_id"),
        _id("customer_id", "customers"),
        _personal("name"),
        _snapshot("role", _V.CATEGORY),
        _snapshot("decision_maker", _V.BOOLEAN),
        _personal("email"),
        _personal("phone"),
    ),
)

PRODUCTS: Final = Table(
    name="products",
    key="product_id",
    columns=(
        _id("product_id"),
        _snapshot("name", _V.TEXT),
        _snapshot("category", _V.CATEGORY),
        _snapshot("line", _V.CATEGORY),
        _snapshot("price", _V.MONEY),
        _snapshot("unit_cost", _V.MONEY),
        _snapshot("stock", _V.NUMBER),
        _snapshot("active", _V.BOOLEAN),
        _event("launched_on", _V.DATE),
        Column(name="replaces_product_id", type=_V.ID, references="products"),
    ),
)

ORDERS: Final = Table(
    name="orders",
    key="order_id",
    time="ordered_at",
    amount="amount",
    columns=(
        _id("order_id"),
        _id("customer_id", "customers"),
        _event("ordered_at", _V.INSTANT),
        _event("channel", _V.CATEGORY),
        _snapshot("status", _V.CATEGORY),
        _event("currency", _V.CATEGORY),
        _event("amount", _V.MONEY),
        _event("tax", _V.MONEY),
        _event("discount", _V.MONEY),
        _id("employee_id", "employees"),
        _id("contract_id", "contracts"),
        _id("returns_order_id", "orders"),
    ),
)

ORDER_LINES: Final = Table(
    name="order_lines",
    key="line_id",
    amount="amount",
    columns=(
        _id("line_id"),
        _id("order_id", "orders"),
        _id("product_id", "products"),
        _event("quantity", _V.NUMBER),
        _event("unit_price", _V.MONEY),
        _event("discount", _V.MONEY),
        _event("amount", _V.MONEY),
        _event("cost", _V.MONEY),
        _id("returns_order_id", "orders"),
    ),
)

INVOICES: Final = Table(
    name="invoices",
    key="invoice_id",
    time="issued_at",
    amount="amount",
    columns=(
        _id("invoice_id"),
        _id("customer_id", "customers"),
        _event("issued_at", _V.INSTANT),
        _event("due_on", _V.DATE),
        _event("currency", _V.CATEGORY),
        _event("amount", _V.MONEY),
        _id("order_id", "orders"),
        _id("contract_id", "contracts"),
    ),
)

PAYMENTS: Final = Table(
    name="payments",
    key="payment_id",
    time="paid_at",
    amount="amount",
    columns=(
        _id("payment_id"),
        _id("customer_id", "customers"),
        _event("paid_at", _V.INSTANT),
        _event("currency", _V.CATEGORY),
        _event("amount", _V.MONEY),
        _id("invoice_id", "invoices"),
        _id("order_id", "orders"),
        _id("contract_id", "contracts"),
    ),
)

CONTRACTS: Final = Table(
    name="contracts",
    key="contract_id",
    time="signed_at",
    amount="amount",
    columns=(
        _id("contract_id"),
        _id("customer_id", "customers"),
        _event("signed_at", _V.INSTANT),
        _event("starts_on", _V.DATE),
        _event("ends_on", _V.DATE),
        _event("currency", _V.CATEGORY),
        _event("amount", _V.MONEY),
        _event("recurring_amount", _V.MONEY),
        _event("period", _V.CATEGORY, "month", "quarter", "year"),
        _snapshot("status", _V.CATEGORY),
        Column(name="renewed_by_contract_id", type=_V.ID, known=_SNAPSHOT, references="contracts"),
    ),
)

OPPORTUNITIES: Final = Table(
    name="opportunities",
    key="opportunity_id",
    time="opened_at",
    amount="amount",
    columns=(
        _id("opportunity_id"),
        _id("customer_id", "customers"),
        _id("product_id", "products"),
        _snapshot("stage", _V.CATEGORY),
        _event("currency", _V.CATEGORY),
        _snapshot("amount", _V.MONEY),
        _event("opened_at", _V.INSTANT),
        _dated("closed_at", _V.INSTANT, "closed_at"),
        _dated("won", _V.BOOLEAN, "closed_at"),
        _id("employee_id", "employees"),
    ),
)

INTERACTIONS: Final = Table(
    name="interactions",
    key="interaction_id",
    time="happened_at",
    columns=(
        _id("interaction_id"),
        _id("customer_id", "customers"),
        _event("happened_at", _V.INSTANT),
        _event("kind", _V.CATEGORY, "consultation", "follow_up", "call", "visit", "complaint", "click", "other"),
        _event("channel", _V.CATEGORY),
        _event("direction", _V.CATEGORY, "in", "out"),
        _id("employee_id", "employees"),
        _id("product_id", "products"),
        _event("outcome", _V.CATEGORY),
        _event("minutes", _V.NUMBER),
        _event("next_at", _V.INSTANT),
        _event("text", _V.TEXT),
    ),
)

USAGE: Final = Table(
    name="usage",
    key="usage_id",
    time="used_at",
    columns=(
        _id("usage_id"),
        _id("customer_id", "customers"),
        _event("used_at", _V.INSTANT),
        _id("product_id", "products"),
        _event("feature", _V.CATEGORY),
        _event("quantity", _V.NUMBER),
    ),
)

FEEDBACK: Final = Table(
    name="feedback",
    key="feedback_id",
    time="given_at",
    columns=(
        _id("feedback_id"),
        _id("customer_id", "customers"),
        _event("given_at", _V.INSTANT),
        _event("source", _V.CATEGORY),
        _event("question", _V.CATEGORY),
        _event("score", _V.NUMBER),
        _event("scale_max", _V.NUMBER),
        _event("text", _V.TEXT),
        _event("language", _V.CATEGORY),
        _id("product_id", "products"),
    ),
)

EMPLOYEES: Final = Table(
    name="employees",
    key="employee_id",
    columns=(
        _id("employee_id"),
        _personal("name"),
        _snapshot("role", _V.CATEGORY),
        _snapshot("team", _V.CATEGORY),
        Column(name="manager_id", type=_V.ID, known=_SNAPSHOT, references="employees"),
        _snapshot("hours_per_week", _V.NUMBER),
    ),
)

COSTS: Final = Table(
    name="costs",
    key="cost_id",
    time="spent_at",
    amount="amount",
    columns=(
        _id("cost_id"),
        _id("customer_id", "customers"),
        _event("spent_at", _V.INSTANT),
        _event("currency", _V.CATEGORY),
        _event("amount", _V.MONEY),
        _event("segment", _V.CATEGORY),
        _event("campaign", _V.CATEGORY),
        _event("category", _V.CATEGORY),
    ),
)

BUDGETS: Final = Table(
    name="budgets",
    key="budget_id",
    time="month",
    amount="amount",
    columns=(
        _id("budget_id"),
        _event("month", _V.DATE),
        _event("currency", _V.CATEGORY),
        _event("amount", _V.MONEY),
        _event("segment", _V.CATEGORY),
        _event("campaign", _V.CATEGORY),
        _event("category", _V.CATEGORY),
    ),
)

EXCHANGE_RATES: Final = Table(
    name="exchange_rates",
    key="rate_id",
    columns=(
        _id("rate_id"),
        _event("day", _V.DATE),
        _event("currency", _V.CATEGORY),
        _event("rate", _V.NUMBER),
    ),
)

TABLES: Final[Mapping[str, Table]] = {
    table.name: table
    for table in (
        CUSTOMERS,
        CONTACTS,
        PRODUCTS,
        ORDERS,
        ORDER_LINES,
        INVOICES,
        PAYMENTS,
        CONTRACTS,
        OPPORTUNITIES,
        INTERACTIONS,
        USAGE,
        FEEDBACK,
        EMPLOYEES,
        COSTS,
        BUDGETS,
        EXCHANGE_RATES,
    )
}
"""Every fact table by name."""
