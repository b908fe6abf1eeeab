"""Versions of a scheme: what somebody proposed, what the sponsor approved, what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from carpel.schemes import Scheme, label_fingerprint, logic_fingerprint, read_scheme


class VersionState(StrEnum):
    """Where a version is in its life."""

    SUBMITTED = "submitted"
    """It was proposed; nobody has published it yet."""
    APPROVED = "approved"
    """The sponsor has agreed to it."""
    PUBLISHED = "published"
    """It is what runs use."""
    SUPERSEDED = "superseded"
    """It was published once; another has taken its place."""
    WITHDRAWN = "withdrawn"
    """Its author has submitted another in its place, or its text was published without it."""


@dataclass(frozen=True, kw_only=True)
class SchemeVersion:
    """One version of a scheme. Once it is published, nothing of it changes any more.

    Attributes:
        scheme: The scheme's name: its file's, without ending.
        number: 1, 2, 3 and so on within the scheme.
        text: The YAML as its author wrote it.
        author: Who wrote it.
        at: When it was submitted.
        comment: What its author says of it.
        base: The published version that it was made from; None where there was none.
        logic: Its logic fingerprint: equal ones place everybody alike.
        labels: Its fingerprint of names, owners and the like.
        state: Where it is in its life.
        approved_by: The sponsor who agreed, if one had to and did.
        approved_at: When.
        published_by: Who made it take effect, if it did.
        published_at: When.
    """

    scheme: str
    number: int
    text: str
    author: str
    at: datetime
    comment: str
    base: int | None
    logic: str
    labels: str
    state: VersionState
    approved_by: str | None = None
    approved_at: datetime | None = None
    published_by: str | None = None
    published_at: datetime | None = None

    @property
    def place(self) -> str:
        """What it is called where something in it is pointed at."""
        return f"{self.scheme}@{self.number}"

    @cached_property
    def read(self) -> Scheme:
        """The scheme that its text describes."""
        return read_scheme(self.text, self.place)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A text that somebody wants to submit or publish.

    Attributes:
        scheme: The scheme's name.
        text: The YAML.
        author: Who wants it.
        comment: What they say of it.
        base: The published version that it was made from; None where there is none.
        logic: Its logic fingerprint.
        labels: Its fingerprint of names, owners and the like.
    """

    scheme: str
    text: str
    author: str
    comment: str
    base: int | None
    logic: str
    labels: str

    @classmethod
    def of(cls, scheme: Scheme, *, name: str, text: str, author: str, comment: str, base: int | None) -> Draft:
        """A draft of a text that was read as that scheme."""
        return cls(
            scheme=name,
            text=text,
            author=author,
            comment=comment,
            base=base,
            logic=logic_fingerprint(scheme),
            labels=label_fingerprint(scheme),
        )
