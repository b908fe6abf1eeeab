"""What governance asks of a store that keeps versions."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from carpel.governance.versions import Draft, SchemeVersion


class SchemeStore(Protocol):
    """Keeps the versions of schemes, and which of them is published. Every method is one transaction."""

    def names(self) -> tuple[str, ...]:
        """The schemes of which something is published."""
        ...

    def published(self, scheme: str) -> SchemeVersion | None:
        """The version that runs use; None before the first."""
        ...

    def versions(self, scheme: str) -> tuple[SchemeVersion, ...]:
        """Every version, newest first."""
        ...

    def find(self, scheme: str, number: int) -> SchemeVersion | None:
        """The version of that number."""
        ...

    def submit(self, draft: Draft, *, at: datetime) -> SchemeVersion:
        """Keep a draft for others to see; what its author submitted before and nobody published is withdrawn."""
        ...

    def approve(self, scheme: str, number: int, *, by: str, at: datetime) -> SchemeVersion:
        """The sponsor agrees to a version.

        Raises:
            CarpelError: There is no such version, or it does not wait for approval.
        """
        ...

    def publish(self, draft: Draft, *, at: datetime) -> SchemeVersion:
        """Make a draft the version that runs use, if what is published still is what it was made from.

        Raises:
            BaseChanged: Another version was published meanwhile; nothing has changed.
        """
        ...

    def publish_approved(self, scheme: str, number: int, *, by: str, at: datetime) -> SchemeVersion:
        """Make an approved version the one that runs use, if what is published still is what it was made from.

        Raises:
            BaseChanged: Another version was published meanwhile; nothing has changed.
            CarpelError: There is no such version, or it is not approved.
        """
        ...
