"""Cases, whom they are shared with, and holds."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tamperlens.service._tables._base import Searched, Table, key_column, now
from tamperlens.service._tables._people import Group, User


class Case(Searched, Table):
    """A case; it owns evidence."""

    __tablename__ = "cases"
    SEARCHED = ("title", "description")

    id: Mapped[str] = key_column()
    owner_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    description: Mapped[str]
    closed: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    active_at: Mapped[datetime] = mapped_column(default=now, index=True)
    served_at: Mapped[datetime | None]  # when a worker last took one of its images

    owner: Mapped[User] = relationship(lazy="joined")
    hold: Mapped["Hold | None"] = relationship(lazy="joined", viewonly=True)


class Hold(Table):
    """Why nothing in a case may be deleted; the row is removed when the hold is lifted."""

    __tablename__ = "holds"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    reason: Mapped[str]
    by: Mapped[str]
    by_administrator: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=now)


class Share(Table):
    """A case is shared with someone."""

    __tablename__ = "shares"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    access: Mapped[str] = mapped_column(String(8))

    user: Mapped[User] = relationship(lazy="joined")


class GroupShare(Table):
    """A case is shared with a group."""

    __tablename__ = "group_shares"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True, index=True)
    access: Mapped[str] = mapped_column(String(8))

    group: Mapped[Group] = relationship(lazy="joined")
