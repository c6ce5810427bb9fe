"""Run by Alembic for each command, on the connection that `service.store.migrations` opened."""

from alembic import context

from service.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters most things only by copying the table.
)
with context.begin_transaction():
    context.run_migrations()
