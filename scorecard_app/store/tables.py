"""The store's tables; a change here needs a migration, which a test demands. Times are UTC."""

from datetime import UTC, date, datetime

from sqlalchemy import Date, DateTime, Dialect, ForeignKey, MetaData, String, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A time with zone in Python, without one in the database, always UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, zone dropped."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Zone put back."""
        return value.replace(tzinfo=UTC) if value else None


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class Account(Table):
    """A person as the provider knows them. The first sign-in binds an e-mail of `access.yml` to issuer and subject.

    Without `email` an administrator has loosened it: the next sign-in binds again.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    account_id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str] = mapped_column(String(500))
    subject: Mapped[str] = mapped_column(String(500))
    email: Mapped[str | None] = mapped_column(String(320), unique=True)
    bound_at: Mapped[datetime] = mapped_column(UtcTime)


class Session(Table):
    """One sign-in; `session_id` is a hash of what only that sign-in's token says. `ended_why` is a code."""

    __tablename__ = "sessions"

    session_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.account_id", ondelete="CASCADE"), index=True)
    signed_in_at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    ended_why: Mapped[str | None] = mapped_column(String(20))


class KpiNote(Table):
    """What a head of department said about a KPI of a unit and period. Notes are added, never changed: the newest holds."""

    __tablename__ = "kpi_notes"

    note_id: Mapped[int] = mapped_column(primary_key=True)
    org_unit_id: Mapped[str] = mapped_column(String(200), index=True)
    period_kind: Mapped[str] = mapped_column(String(10))
    period_start: Mapped[date] = mapped_column(Date)
    kpi_id: Mapped[str] = mapped_column(String(100))
    version: Mapped[str] = mapped_column(String(100))
    written_at: Mapped[datetime] = mapped_column(UtcTime)
    written_by: Mapped[str] = mapped_column(String(320))
    text: Mapped[str] = mapped_column(Text)
