"""Opening the store: a SQLite file in a folder of its own, or the database that LOYALTY_STORE_URL names."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event

URL = "LOYALTY_STORE_URL"
MIGRATIONS = Path(__file__).with_name("migrations")


def open_store(data_root: Path) -> Engine:
    """The store, at the newest migration; its folder `app` is its owner's alone."""
    engine = create_engine(os.environ.get(URL) or _sqlite(data_root))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return engine


def _sqlite(data_root: Path) -> str:
    folder = data_root / "app"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    file = folder / "store.sqlite"
    file.touch(mode=0o600)
    return f"sqlite:///{file}"


def _prepare_sqlite(connection, _record) -> None:
    """Readers don't wait for a writer; two writers wait for each other rather than fail."""
    for pragma in ("journal_mode = wal", "busy_timeout = 5000", "foreign_keys = on"):
        connection.execute(f"pragma {pragma}")
