"""Alembic's entry: migrate over the connection that `open_store` hands in."""

from alembic import context

from scorecard_app.store.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
