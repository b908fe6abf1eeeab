"""Versions of schemes, and which of them is published."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scheme_versions",
        sa.Column("workspace", sa.String(200), primary_key=True),
        sa.Column("scheme", sa.String(200), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("base", sa.Integer),
        sa.Column("logic", sa.String(64), nullable=False),
        sa.Column("labels", sa.String(64), nullable=False),
        sa.Column("approved_by", sa.String(200)),
        sa.Column("approved_at", sa.DateTime(timezone=True)),
        sa.Column("published_by", sa.String(200)),
        sa.Column("published_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "published_schemes",
        sa.Column("workspace", sa.String(200), primary_key=True),
        sa.Column("scheme", sa.String(200), primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "scheme", "number"],
            ["scheme_versions.workspace", "scheme_versions.scheme", "scheme_versions.number"],
        ),
    )
