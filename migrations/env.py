"""Alembic's entry: on the connection `bot.store.migrate` hands over, or on DATABASE_URL for the alembic command."""

import os

from alembic import context
from sqlalchemy import Connection, create_engine

from bot.store.address import blocking, database_url
from bot.store.tables import metadata


def run(connection: Connection) -> None:
    # SQLite can't alter a column: batch mode copies the table.
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(blocking(database_url(os.environ.get("DATABASE_URL", "sqlite:///data/onward.db"))))
    with engine.begin() as made:
        run(made)
