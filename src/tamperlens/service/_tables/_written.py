"""What people write about evidence."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tamperlens.service._tables._base import Searched, Table, key_column, now


class Tag(Searched, Table):
    """A word by which people sort the images of a case."""

    __tablename__ = "tags"
    SEARCHED = ("name",)

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class Note(Searched, Table):
    """An examiner's note."""

    __tablename__ = "notes"
    SEARCHED = ("text", "by")

    id: Mapped[str] = key_column()
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Conclusion(Searched, Table):
    """An examiner's conclusion; each examiner's latest one stands, the others are history."""

    __tablename__ = "conclusions"
    SEARCHED = ("text", "by")

    id: Mapped[str] = key_column()
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Review(Table):
    """What an examiner says about another's conclusion; each reviewer's latest one stands."""

    __tablename__ = "reviews"

    id: Mapped[str] = key_column()
    conclusion_id: Mapped[str] = mapped_column(ForeignKey("conclusions.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Annotation(Searched, Table):
    """A region that an examiner drew on an image, with a comment; its author may change and remove it."""

    __tablename__ = "annotations"
    SEARCHED = ("text", "by")

    id: Mapped[str] = key_column()
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    shape: Mapped[str] = mapped_column(String(16))
    points: Mapped[list[list[int]]] = mapped_column(JSON)
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime | None]


class Draft(Table):
    """What somebody has begun to write but not yet recorded; it is not part of the case."""

    __tablename__ = "drafts"

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    subject: Mapped[str] = mapped_column(String(48), primary_key=True)
    choice: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
