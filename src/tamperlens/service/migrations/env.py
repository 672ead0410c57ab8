"""How Alembic runs these migrations: on the connection passed by `Database.upgrade`."""

from alembic import context

from tamperlens.service._tables import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
