"""What Alembic runs; the connection and its transaction come from `carpel.store.migrating`."""

from alembic import context

from carpel.store.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
