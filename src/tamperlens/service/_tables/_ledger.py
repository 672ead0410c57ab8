"""The ledger's chain."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tamperlens.service._tables._base import Table


class Record(Table):
    """A link of the ledger's chain."""

    __tablename__ = "ledger"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    actor_id: Mapped[str | None] = mapped_column(String(32))
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[str | None] = mapped_column(String(32), index=True)
    evidence_id: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[str]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Head(Table):
    """The chain's last link; whoever appends locks this row."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
