"""Carpel against the obvious alternatives, as ratios."""
