"""Moves over time: recorded, replayed, expected."""
