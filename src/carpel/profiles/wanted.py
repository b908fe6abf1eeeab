"""In which direction a company wants its own action to move an attribute: spend up, recency down."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from carpel.profiles.attributes import Attribute, Better

UP: Final = frozenset(
    {
        *("frequency", "purchase_days", "monetary_value", "order_mean", "order_median", "largest_order"),
        *(f"{name}_{days}d" for name in ("spend", "orders", "spend_growth", "orders_growth") for days in (30, 90, 365)),
        *("gap_regularity", "margin", "margin_share", "units_bought"),
        *("channels", "channels_count", "categories", "categories_count", "products_owned", "products_count"),
        *("contracts_count", "contracts_active", "contract_months_left", "contract_value", "mrr", "renewals_count"),
        *("invoices_count", "invoiced_amount", "payments_count", "paid_amount"),
        *("opportunities_count", "open_opportunities", "open_opportunity_amount", "opportunities_won", "win_rate"),
        *("interactions_count", "interactions_90d", "interactions_in", "interactions_out"),
        *("consultations", "follow_ups", "calls", "visits", "clicks"),
        *("feedback_count", "nps", "nps_last", "csat", "satisfaction_last", "satisfaction_trend"),
        *("usage_count", "usage_30d", "usage_90d", "usage_growth_30d", "usage_growth_90d"),
        *("usage_days_90d", "features_90d", "contacts_count", "decision_makers", "contact_roles"),
        *("consent_phone", "consent_email", "consent_message"),
    }
)
"""Better the more there is of it; a set, the more it holds."""

DOWN: Final = frozenset(
    {
        *("recency_days", "gap_median_days", "last_gap_days", "cycle_days"),
        *("returns_count", "returns_share", "discount_share", "cost_to_serve_365d"),
        *("days_since_payment", "payments_late", "payment_delay_days"),
        *("unpaid_amount", "overdue_amount", "overdue_days"),
        *("opportunities_lost", "days_since_opportunity", "days_since_contact", "days_since_usage"),
        *("days_since_feedback", "complaints", "complaints_365d", "unanswered_consultations"),
    }
)
"""Better the less there is of it."""

EITHER: Final = frozenset(
    {"credit_limit", "bulk_share", "main_channel_share", "largest_need_share", "contact_minutes_365d"}
)
"""What is better depends on the customer."""


def _ladder(*values: str) -> Mapping[str, tuple[str, ...]]:
    """Each value may become any better one."""
    return {value: values[place + 1 :] for place, value in enumerate(values)}


BETTER: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "relationship": _ladder("lead", "prospect", "customer"),
    "value_band": _ladder("low", "intermediate", "high"),
    "loyalty": _ladder("lost", "marginal", "potential", "loyal"),
    "nps_group": _ladder("detractor", "passive", "promoter"),
    "purchase_pattern": _ladder("none", "single_bulk", "irregular", "continuous"),
    "lifecycle_stage": {
        "lead": ("prospect", "new"),
        "prospect": ("new",),
        "new": ("steady", "growing"),
        "steady": ("growing",),
        "slipping": ("steady", "growing"),
        "lapsed": ("won_back",),
        "won_back": ("steady", "growing"),
    },
}
"""For a category, what each of its values should become."""


def is_wanted(attribute: Attribute, before: Any, after: Any) -> bool:
    """Whether a company would want its action to change an attribute from one known value to another."""
    if attribute.key in BETTER:
        return after in BETTER[attribute.key].get(before, ())
    if attribute.key in UP or attribute.better is Better.MORE:
        return _is_more(before, after)
    return not (attribute.key in DOWN or attribute.better is Better.LESS) or _is_more(after, before)


def _is_more(before: Any, after: Any) -> bool:
    if isinstance(before, Collection) and not isinstance(before, str):
        return set(before) < set(after)
    more: bool = after > before
    return more
