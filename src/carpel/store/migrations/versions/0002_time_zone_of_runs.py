"""In which time zone the day was cut that a run knows up to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; of runs from before it is not known."""
    op.add_column("runs", sa.Column("as_of_zone", sa.String(64)))
