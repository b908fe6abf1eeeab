"""Customers found by what people type, in the order of their money, without reading a table."""

from carpel.runs.views.searching.finding import Asked, Found, Search
from carpel.runs.views.searching.hits import Matched
from carpel.runs.views.searching.writing import Searchable, write_search

__all__ = ["Asked", "Found", "Matched", "Search", "Searchable", "write_search"]
