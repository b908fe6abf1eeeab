"""Runs, and which of them is current."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs",
        sa.Column("workspace", sa.String(200), primary_key=True),
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("process", sa.BigInteger, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True)),
        sa.Column("as_of_day", sa.Date),
        sa.Column("customers", sa.BigInteger),
        sa.Column("fingerprint", sa.String(64)),
        sa.Column("manifest", sa.String(64)),
        sa.Column("problem", sa.JSON),
    )
    op.create_index("runs_by_state", "runs", ["workspace", "state"])
    op.create_table(
        "current_runs",
        sa.Column("workspace", sa.String(200), primary_key=True),
        sa.Column("run", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["workspace", "run"], ["runs.workspace", "runs.id"]),
    )
