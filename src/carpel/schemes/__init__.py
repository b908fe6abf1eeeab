"""Partitions of customers: rules, tiers, compilation, checks, why."""
