"""The vocabulary of facts: the tables that every source maps onto, as typed contracts."""

from carpel.crm.contracts import Column, Known, Table
from carpel.crm.facts import FactColumn, Facts, FactTable, History, Ledger
from carpel.crm.tables import TABLES

__all__ = ["TABLES", "Column", "FactColumn", "FactTable", "Facts", "History", "Known", "Ledger", "Table"]
