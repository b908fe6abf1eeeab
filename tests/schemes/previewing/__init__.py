"""A preview counts what a run would count."""
