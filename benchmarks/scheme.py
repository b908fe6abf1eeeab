"""The segmentation that Carpel and its peers compute: tiers, RFM scores and twenty rules."""

from __future__ import annotations

AS_OF = "2026-01-01"

RULES: tuple[tuple[str, str], ...] = (
    ("never-bought", "coalesce(frequency, 0) = 0"),
    ("key-accounts", "value in ('top', 'large') and kind = 'business'"),
    ("champions", "r = '5' and f = '5' and m = '5'"),
    ("top-slipping", "value = 'top' and recency_days > 2 * gap_median_days"),
    ("top-steady", "value = 'top'"),
    ("large-slipping", "value = 'large' and recency_days > 180"),
    ("large-web", "value = 'large' and main_channel = 'web'"),
    ("large", "value = 'large'"),
    ("newcomers", "tenure_days <= 90"),
    ("returners", "returns_share > 0.5"),
    ("explorers", "categories_count >= 15 and r in ('4', '5')"),
    ("one-category", "categories_count = 1 and frequency >= 3"),
    ("growing", "spend_90d > 0.5 * spend_365d and spend_365d > 500"),
    ("loyal", "f in ('4', '5') and r in ('3', '4', '5')"),
    ("cannot-lose", "r in ('1', '2') and f in ('4', '5')"),
    ("big-baskets", "order_mean > 300 and order_median > 250"),
    ("store-only", "channels_count = 1 and main_channel = 'store'"),
    ("about-to-sleep", "recency_days between 180 and 365"),
    ("lost", "recency_days > 365"),
)
"""The rules in order, the remainder being the twentieth; in the words that SQL and Carpel share."""

SCORES = ("r", "f", "m")


def _as_sql(rule: str) -> str:
    # The peer keeps scores as numbers, as one does by hand.
    for score in SCORES:
        rule = rule.replace(f"{score} = '", f"{score}::varchar = '").replace(f"{score} in (", f"{score}::varchar in (")
    return rule


CASES = " ".join(f"WHEN {_as_sql(rule)} THEN '{segment}'" for segment, rule in RULES)
