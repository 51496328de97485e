"""How Alembic reaches the database: by the connection migrate.py holds, never by a URL."""

from alembic import context

from controller.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table, it copies it
)
context.run_migrations()
