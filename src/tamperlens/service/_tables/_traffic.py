"""Incoming requests, which are counted and remembered, and outgoing calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tamperlens.service._tables._base import Table, key_column, now


class Rate(Table):
    """How often something was done in a window of time."""

    __tablename__ = "rates"

    key: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class Answer(Table):
    """The answer to a request with an `Idempotency-Key`; without a status while it is being answered."""

    __tablename__ = "answers"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class Webhook(Table):
    """An external program that is called about events in its owner's cases."""

    __tablename__ = "webhooks"

    id: Mapped[str] = key_column()
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    url: Mapped[str]
    actions: Mapped[str]  # ledger actions, one per line
    seq: Mapped[int]  # number of the last record that was sent or skipped
    created_at: Mapped[datetime] = mapped_column(default=now)
    paused: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(default=now, index=True)
    lease_until: Mapped[datetime | None]
