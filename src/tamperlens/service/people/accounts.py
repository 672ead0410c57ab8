"""Accounts: passwords, sessions, invitations, tokens."""

from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from flask_bcrypt import Bcrypt
from sqlalchemy.orm import Session

from tamperlens.service import _tables as tables
from tamperlens.service._folding import folded
from tamperlens.service._ledger import MACHINE, Actor, append
from tamperlens.service._tables import Invitation, Token, User, now
from tamperlens.service.people.visitors import fresh_secret, secret_hash

# Passwords of any length are hashed before bcrypt, which reads only 72 bytes.
hashing = Bcrypt()

INVITATION_DAYS = 7


@cache
def _nobodys_password() -> str:
    """A hash to compare with if there is no such account, so that the answer takes just as long."""
    return hash_password(fresh_secret())


def find_user(session: Session, name: str) -> User | None:
    """The account of this name, ignoring case."""
    return session.scalars(sa.select(User).where(User.folded == folded(name))).one_or_none()


def password_fits(user: User | None, password: str) -> bool:
    """Whether the password is right for the account; takes the same time if there is no account."""
    kept = user.password if user and user.password else _nobodys_password()
    fits = bool(hashing.check_password_hash(kept, password))
    return fits and user is not None and user.password is not None and not user.disabled


def hash_password(password: str) -> str:
    """The hash of a password, which is stored instead of it."""
    return str(hashing.generate_password_hash(password).decode("ascii"))


def add_user(session: Session, name: str, role: str, password: str | None = None) -> User:
    """Create an account."""
    user = User(name=name, folded=folded(name), role=role, password=password)
    session.add(user)
    session.flush()
    return user


def open_session(session: Session, user: User, through: str = "password") -> tuple[tables.Session, str]:
    """Sign somebody in; the secret goes into the cookie and is stored nowhere."""
    secret = fresh_secret()
    opened = tables.Session(hash=secret_hash(secret), user=user, csrf_token=fresh_secret(), through=through)
    session.add(opened)
    user.seen_at = now()
    session.flush()
    return opened, secret


def end_sessions(session: Session, user_id: str, but: str | None = None) -> None:
    """End all sessions of somebody, except for one."""
    ended = sa.delete(tables.Session).where(tables.Session.user_id == user_id)
    session.execute(ended.where(tables.Session.id != but) if but else ended)


def invite(session: Session, user: User | None) -> tuple[Invitation, str]:
    """A new invitation and its secret; earlier ones stop working."""
    user_id = user.id if user else None
    session.execute(sa.delete(Invitation).where(Invitation.user_id.is_not_distinct_from(user_id)))
    secret = fresh_secret()
    invitation = Invitation(
        hash=secret_hash(secret), user=user, expires_at=now() + timedelta(days=INVITATION_DAYS)
    )
    session.add(invitation)
    session.flush()
    return invitation, secret


def find_invitation(session: Session, secret: str) -> Invitation | None:
    """The invitation with this secret, if it is still valid."""
    found = session.scalars(sa.select(Invitation).where(Invitation.hash == secret_hash(secret))).one_or_none()
    return found if found and found.expires_at > now() else None


def needs_setup(session: Session) -> bool:
    """Whether there is no account yet."""
    return session.scalar(sa.select(sa.func.count()).select_from(User)) == 0


def setup_secret(session: Session) -> str | None:
    """The secret of a new set-up link; None if there is already an account."""
    if not needs_setup(session):
        return None
    _invitation, secret = invite(session, None)
    append(session, MACHINE, "set-up link", {})
    return secret


def make_token(
    session: Session, actor: Actor, name: str, days: int, scope: str = "write"
) -> tuple[Token, str]:
    """An API token for the actor's own account."""
    secret = f"tl_{fresh_secret()}"
    ends = now() + timedelta(days=days)
    token = Token(hash=secret_hash(secret), user_id=actor.id, name=name, scope=scope, expires_at=ends)
    session.add(token)
    session.flush()
    return token, secret
