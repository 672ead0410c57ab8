"""Accounts, how they are entered, and groups of them."""

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
    """Someone is signed in; the row goes when they sign out."""

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
    """An API token; the row goes when it is revoked."""

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
    """An account is entered by whom a provider vouches for."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Factor(Table):
    """What an account's authenticator shares with the workbench; it counts once a code of it was given."""

    __tablename__ = "factors"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    sealed: Mapped[str]
    last_step: Mapped[int] = mapped_column(BigInteger)  # of time, whose code was taken last
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Table):
    """A code that works once in place of the authenticator's; the row goes when it is used."""

    __tablename__ = "recovery_codes"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)


class Invitation(Table):
    """A link that sets a password once; without a user it makes the first administrator."""

    __tablename__ = "invitations"

    id: Mapped[str] = key_column()
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]

    user: Mapped[User | None] = relationship(lazy="joined")


class Group(Table):
    """People with whom cases are shared as one."""

    __tablename__ = "groups"

    id: Mapped[str] = key_column()
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    members: Mapped[list["GroupMember"]] = relationship(lazy="selectin", viewonly=True)


class GroupMember(Table):
    """Someone is in a group; the row goes when they leave it."""

    __tablename__ = "group_members"

    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)

    user: Mapped[User] = relationship(lazy="joined")
