"""Customers who are alike: clusters on attributes of all kinds, how far to trust them, and rules that say who is in."""
