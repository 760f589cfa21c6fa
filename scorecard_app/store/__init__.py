"""The app's own store: who signed in, which sessions hold. Every table's history is an Alembic migration."""

from scorecard_app.store.database import open_store

__all__ = ["open_store"]
