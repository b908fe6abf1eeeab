"""From landed files to staged facts: mapped, checked, converted, numbered by customer, laid out in buckets."""

from carpel.sources.staging.keeping import Staged, stage

__all__ = ["Staged", "stage"]
