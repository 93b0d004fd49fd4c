"""Where Alembic begins: with the connection that `migrating` has opened, within its transaction."""

from alembic import context

from tagloom.workbench.database.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
