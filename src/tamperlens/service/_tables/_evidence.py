"""Files in cases, what is known about their bytes, and what was found."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tamperlens.service._tables._base import Searched, Table, key_column, now
from tamperlens.service._tables._cases import Case


class Picture(Searched, Table):
    """What is known about the bytes, stored once for all evidence with the same bytes."""

    __tablename__ = "pictures"
    SEARCHED = ("sha256", "stated")

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    width: Mapped[int | None]
    height: Mapped[int | None]
    perceptual: Mapped[str | None] = mapped_column(String(16))
    own_rendition: Mapped[bool] = mapped_column(default=False)
    stated: Mapped[str | None]  # camera, programs and dates, as stated by the file


class Removal(Table):
    """Bytes that no case holds any more: their files are removed, also those that a killed worker left."""

    __tablename__ = "removals"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Finding(Table):
    """The examination of these bytes by these versions; there is only one for each pair."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("sha256", "versions"),)

    id: Mapped[str] = key_column()
    sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"))
    versions: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    score: Mapped[float | None]
    kind: Mapped[str | None]
    priority: Mapped[str | None] = mapped_column(String(8))
    examined_at: Mapped[datetime] = mapped_column(default=now)


class Original(Table):
    """Fingerprints of an image that somebody registered as authentic."""

    __tablename__ = "originals"

    id: Mapped[str] = key_column()
    label: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    perceptual: Mapped[str | None] = mapped_column(String(16))
    registered_by: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(default=now)


class Evidence(Searched, Table):
    """A file in a case, and the job that examines it.

    The job's columns are authoritative; the queue only carries its name to a worker.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_case_uploaded", "case_id", "uploaded_at"),)
    SEARCHED = ("name", "uploaded_by")

    id: Mapped[str] = key_column()
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"), index=True)
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(default=now)

    state: Mapped[str] = mapped_column(String(16), default="queued", index=True)
    step: Mapped[str] = mapped_column(default="waiting")
    progress: Mapped[float] = mapped_column(default=0.0)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    queued_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    error: Mapped[str | None]
    versions: Mapped[str | None] = mapped_column(String(64))
    finding_id: Mapped[str | None] = mapped_column(ForeignKey("findings.id"))
    duplicate: Mapped[bool] = mapped_column(default=False)

    original_id: Mapped[str | None] = mapped_column(ForeignKey("originals.id", ondelete="SET NULL"))
    original_distance: Mapped[int | None]

    case: Mapped[Case] = relationship()
    picture: Mapped[Picture] = relationship(lazy="joined")
    finding: Mapped[Finding | None] = relationship(lazy="joined")
    original: Mapped[Original | None] = relationship(lazy="joined")
