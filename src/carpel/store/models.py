"""The store's tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Instant(TypeDecorator[datetime]):
    """A moment with its zone, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a moment without a zone would be ambiguous."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(value)
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From UTC, which SQLite does not say."""
        del dialect
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables of the store."""


class RunRow(Base):
    """One run. A store may serve several workspaces, so its key begins with the workspace."""

    __tablename__ = "runs"
    __table_args__ = (Index("runs_by_state", "workspace", "state"),)

    workspace: Mapped[str] = mapped_column(String(200), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    process: Mapped[int] = mapped_column(BigInteger)
    host: Mapped[str] = mapped_column(String(255))
    as_of: Mapped[datetime | None] = mapped_column(Instant)
    as_of_day: Mapped[date | None] = mapped_column(Date)
    as_of_zone: Mapped[str | None] = mapped_column(String(64))
    customers: Mapped[int | None] = mapped_column(BigInteger)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    manifest: Mapped[str | None] = mapped_column(String(64))
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class CurrentRow(Base):
    """Which run of a workspace is current: one row, so there is never more than one."""

    __tablename__ = "current_runs"
    __table_args__ = (ForeignKeyConstraint(["workspace", "run"], ["runs.workspace", "runs.id"]),)

    workspace: Mapped[str] = mapped_column(String(200), primary_key=True)
    run: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(Instant)

    row: Mapped[RunRow] = relationship(lazy="raise", viewonly=True)


class SchemeVersionRow(Base):
    """One version of a scheme."""

    __tablename__ = "scheme_versions"

    workspace: Mapped[str] = mapped_column(String(200), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    comment: Mapped[str] = mapped_column(Text)
    base: Mapped[int | None] = mapped_column(Integer)
    logic: Mapped[str] = mapped_column(String(64))
    labels: Mapped[str] = mapped_column(String(64))
    approved_by: Mapped[str | None] = mapped_column(String(200))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    published_by: Mapped[str | None] = mapped_column(String(200))
    published_at: Mapped[datetime | None] = mapped_column(Instant)


class PublishedRow(Base):
    """Which version of a scheme is published: one row, so there is never more than one."""

    __tablename__ = "published_schemes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace", "scheme", "number"],
            ["scheme_versions.workspace", "scheme_versions.scheme", "scheme_versions.number"],
        ),
    )

    workspace: Mapped[str] = mapped_column(String(200), primary_key=True)
    scheme: Mapped[str] = mapped_column(String(200), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
