"""Versions and approval of schemes: who proposed what, who agreed, what is published, and what lies between."""

from carpel.governance.checkouts import checked_out, remember_checked_out
from carpel.governance.differences import Change, ChangeKind, Difference, between, difference
from carpel.governance.errors import BaseChanged, NotApproved
from carpel.governance.keeping import SchemeStore
from carpel.governance.people import acting_user
from carpel.governance.versions import Draft, SchemeVersion, VersionState

__all__ = [
    "BaseChanged",
    "Change",
    "ChangeKind",
    "Difference",
    "Draft",
    "NotApproved",
    "SchemeStore",
    "SchemeVersion",
    "VersionState",
    "acting_user",
    "between",
    "checked_out",
    "difference",
    "remember_checked_out",
]
