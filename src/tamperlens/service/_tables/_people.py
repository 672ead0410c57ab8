"""Accounts, ways to sign in, and groups."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tamperlens.service._tables._base import Table, key_column, now


class User(Table):
    """An account; without a password until its invitation is accepted."""

    __tablename__ = "users"

    id: Mapped[str] = key_column()
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(unique=True, index=True)
    password: Mapped[str | None]
    disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime | None]


class Session(Table):
    """A session of someone who is signed in; the row is removed when they sign out."""

    __tablename__ = "sessions"

    id: Mapped[str] = key_column()
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    csrf_token: Mapped[str]
    through: Mapped[str] = mapped_column(String(16), default="password", server_default="password")
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)

    user: Mapped[User] = relationship(lazy="joined")


class Token(Table):
    """An API token; the row is removed when it is revoked."""

    __tablename__ = "tokens"

    id: Mapped[str] = key_column()
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(String(8), default="write", server_default="write")
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class Identity(Table):
    """Links an account with an identity at a provider."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Factor(Table):
    """The secret of an account's authenticator; in effect once a code from it was entered."""

    __tablename__ = "factors"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sealed: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger)  # time step of the last accepted code
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Table):
    """A code that works once instead of the authenticator's; the row is removed when it is used."""

    __tablename__ = "recovery_codes"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)


class Invitation(Table):
    """A link with which a password can be set once; without a user, it makes the first administrator."""

    __tablename__ = "invitations"

    id: Mapped[str] = key_column()
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]

    user: Mapped[User | None] = relationship(lazy="joined")


class Group(Table):
    """People with whom cases are shared together."""

    __tablename__ = "groups"

    id: Mapped[str] = key_column()
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    members: Mapped[list["GroupMember"]] = relationship(lazy="selectin", viewonly=True)


class GroupMember(Table):
    """Membership in a group; the row is removed when the person leaves."""

    __tablename__ = "group_members"

    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)

    user: Mapped[User] = relationship(lazy="joined")
