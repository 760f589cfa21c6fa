"""The session registry: Streamlit's cookie says who somebody was once; whether they still are, the registry says.

A cookie can be copied, lives 30 days, and stays valid after sign-out. So each sign-in is a session here, known by what
only its token says; it ends by sign-out, idleness, age or an administrator, and never begins again.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from scorecard_app.access.rules import Rules
from scorecard_app.store.tables import Account, Session

FRESH = timedelta(minutes=5)  # a token may begin a session this long after it was issued
SKEW = timedelta(minutes=1)  # the provider's clock
TOUCHED = timedelta(minutes=1)  # how exactly the last use is kept
ENDS = ("signed_out", "revoked", "idle", "expired")  # why a session is over
REMEMBERED = timedelta(days=60)  # for administrators; a token older than FRESH begins nothing, remembered or not


class Refused(Exception):
    """No session; `why` is a key of the catalogue."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class OpenSession:
    """A session as administrators see it."""

    session_id: str
    email: str
    signed_in_at: datetime
    last_used_at: datetime


def session_id(claims: Mapping[str, Any]) -> str:
    """What only one sign-in says: who, when, and the nonce that our own server had made up for it."""
    parts = [str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Registry:
    """Sessions in the store. Safe to share between threads."""

    def __init__(self, store: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._clock = clock

    def enter(self, claims: Mapping[str, Any], rules: Rules, by_hand: bool = True) -> str:
        """The e-mail of `access.yml` that this token's session belongs to; begins the session where it is new.

        `by_hand` is False where the page asks by itself: that keeps no session alive.

        Raises:
            Refused: unknown person, or a session that has ended, with the reason's key.
        """
        try:
            return self._enter(claims, rules, by_hand)
        except IntegrityError:  # two tabs began the same session at once: by now it is there
            return self._enter(claims, rules, by_hand)

    def _enter(self, claims: Mapping[str, Any], rules: Rules, by_hand: bool) -> str:
        now, key = self._clock(), session_id(claims)
        with Transaction(self._store) as transaction:
            found = transaction.get(Session, key)
            if found is None:
                found = self._begin(transaction, key, claims, rules, now)
            why = found.ended_why or _over(found, rules, now)
            if why:
                if not found.ended_at:
                    found.ended_at, found.ended_why = now, why
                    transaction.commit()
                raise Refused(f"refused_{why}")
            if by_hand and now - found.last_used_at >= TOUCHED:
                found.last_used_at = now
                transaction.commit()
            account = transaction.get_one(Account, found.account_id)
            if not account.email or not rules.grants(account.email):
                raise Refused("refused_unknown")
            return account.email

    def _begin(
        self, transaction: Transaction, key: str, claims: Mapping[str, Any], rules: Rules, now: datetime
    ) -> Session:
        issued = datetime.fromtimestamp(float(claims.get("iat") or 0), UTC)
        if not -SKEW <= now - issued <= FRESH:
            raise Refused("refused_stale")
        account = self._bind(transaction, claims, rules, now)
        transaction.execute(delete(Session).where(Session.signed_in_at < now - REMEMBERED))
        begun = Session(session_id=key, account_id=account.account_id, signed_in_at=now, last_used_at=now)
        transaction.add(begun)
        transaction.commit()
        return begun

    def _bind(self, transaction: Transaction, claims: Mapping[str, Any], rules: Rules, now: datetime) -> Account:
        """The account of issuer and subject; the first sign-in makes it, by an e-mail that the provider vouches for."""
        issuer, subject = str(claims.get("iss") or ""), str(claims.get("sub") or "")
        if not issuer or not subject:
            raise Refused("refused_unknown")
        found = transaction.scalar(select(Account).where(Account.issuer == issuer, Account.subject == subject))
        if found and found.email:
            return found
        email = str(claims.get("email") or "").casefold()
        if not rules.grants(email):
            raise Refused("refused_unknown")
        if claims.get("email_verified") is not True:
            raise Refused("refused_unverified")
        holder = transaction.scalar(select(Account).where(Account.email == email))
        if holder and (holder.issuer, holder.subject) != (issuer, subject):
            raise Refused("refused_taken")
        if holder:  # another tab came first
            return holder
        account = found or Account(issuer=issuer, subject=subject)
        account.email, account.bound_at = email, now
        transaction.add(account)
        transaction.flush()
        return account

    def holds(self, key: str, email: str, rules: Rules) -> bool:
        """Whether a session that was let in under this e-mail still is."""
        with Transaction(self._store) as transaction:
            found = transaction.get(Session, key)
            if not found or found.ended_why or _over(found, rules, self._clock()):
                return False
            return transaction.get_one(Account, found.account_id).email == email and bool(rules.grants(email))

    def end(self, key: str, why: str) -> None:
        """End a session, `signed_out` or `revoked`; one that has ended keeps its reason."""
        with Transaction(self._store) as transaction:
            transaction.execute(
                update(Session)
                .where(Session.session_id == key, Session.ended_at.is_(None))
                .values(ended_at=self._clock(), ended_why=why)
            )
            transaction.commit()

    def unbind(self, email: str) -> None:
        """Forget which account an e-mail belongs to and end its sessions; the next sign-in binds it anew."""
        with Transaction(self._store) as transaction:
            account = transaction.scalar(select(Account).where(Account.email == email))
            if account:
                transaction.execute(
                    update(Session)
                    .where(Session.account_id == account.account_id, Session.ended_at.is_(None))
                    .values(ended_at=self._clock(), ended_why="revoked")
                )
                account.email = None
            transaction.commit()

    def open_sessions(self, rules: Rules) -> list[OpenSession]:
        """Sessions that hold, the latest used first."""
        now = self._clock()
        with Transaction(self._store) as transaction:
            found = transaction.execute(
                select(Session, Account.email)
                .join(Account, Account.account_id == Session.account_id)
                .where(Session.ended_at.is_(None), Account.email.is_not(None))
                .order_by(Session.last_used_at.desc(), Session.session_id)
            ).all()
        return [
            OpenSession(session.session_id, email or "", session.signed_in_at, session.last_used_at)
            for session, email in found
            if not _over(session, rules, now)
        ]


def _over(session: Session, rules: Rules, now: datetime) -> str | None:
    if now - session.signed_in_at >= timedelta(hours=rules.absolute_hours):
        return "expired"
    if now - session.last_used_at >= timedelta(minutes=rules.idle_minutes):
        return "idle"
    return None
