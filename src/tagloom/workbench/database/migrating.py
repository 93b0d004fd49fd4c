"""Brings a database to its present form, by Alembic's migrations in `migrations/`."""

from importlib.resources import files as resources

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from tagloom.errors import ConfigError


def migrate(engine: Engine) -> None:
    """Does what migrations there are that the database has not had, all in one transaction.

    Raises:
        ConfigError: it has had one that this version does not know.
    """
    config = Config()
    config.set_main_option("script_location", str(resources("tagloom.workbench.database") / "migrations"))
    with engine.connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ConfigError(
                "the data folder: expected the data of this version of Tagloom or of an older one, received that of a "
                "newer one. Install a newer Tagloom."
            ) from error
