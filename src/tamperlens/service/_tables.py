"""The tables. Secrets are kept as SHA-256 or bcrypt, or sealed where they must be read; never as they are."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from tamperlens.service._folding import folded

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def new_key() -> str:
    """A fresh identifier of 32 hexadecimal digits, which tells nothing and cannot be guessed."""
    return uuid.uuid4().hex


class Moment(TypeDecorator[datetime]):
    """A time with its zone; SQLite keeps none, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To UTC."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:  # noqa: ANN401
        """In UTC."""
        return value and value.replace(tzinfo=UTC) if value and not value.tzinfo else value


class Table(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: Moment(), str: Text()}  # noqa: RUF012 - SQLAlchemy's own declaration


class Searched:
    """Rows that are found by what they hold: `folded` follows from the columns that `SEARCHED` names."""

    SEARCHED: tuple[str, ...]
    folded: Mapped[str] = mapped_column(default="", server_default="")


def _fold(_mapper: object, _connection: object, row: Searched) -> None:
    row.folded = folded("\n".join(getattr(row, name) or "" for name in row.SEARCHED))


event.listen(Searched, "before_insert", _fold, propagate=True)
event.listen(Searched, "before_update", _fold, propagate=True)


def _key() -> Mapped[str]:
    return mapped_column(String(32), primary_key=True, default=new_key)


class User(Table):
    """An account; without a password until its invitation is accepted."""

    __tablename__ = "users"

    id: Mapped[str] = _key()
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

    id: Mapped[str] = _key()
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

    id: Mapped[str] = _key()
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

    id: Mapped[str] = _key()
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]

    user: Mapped[User | None] = relationship(lazy="joined")


class Rate(Table):
    """How often something was done in a window of time."""

    __tablename__ = "rates"

    key: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class Answer(Table):
    """What a request with an `Idempotency-Key` was answered; without a status while it is being answered."""

    __tablename__ = "answers"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    body: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now, index=True)


class Webhook(Table):
    """A program elsewhere that is called about what happens in its owner's cases."""

    __tablename__ = "webhooks"

    id: Mapped[str] = _key()
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), index=True)
    url: Mapped[str]
    actions: Mapped[str]  # of the ledger, a line each
    seq: Mapped[int]  # of the last record that was told, or was none to be told
    created_at: Mapped[datetime] = mapped_column(default=now)
    paused: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    next_at: Mapped[datetime] = mapped_column(default=now, index=True)
    lease_until: Mapped[datetime | None]


class Case(Searched, Table):
    """A case; it owns evidence."""

    __tablename__ = "cases"
    SEARCHED = ("title", "description")

    id: Mapped[str] = _key()
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
    """Why nothing of a case may be deleted; the row goes when that is lifted."""

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


class Group(Table):
    """People with whom cases are shared as one."""

    __tablename__ = "groups"

    id: Mapped[str] = _key()
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


class GroupShare(Table):
    """A case is shared with a group."""

    __tablename__ = "group_shares"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    group_id: Mapped[str] = mapped_column(ForeignKey("groups.id"), primary_key=True, index=True)
    access: Mapped[str] = mapped_column(String(8))

    group: Mapped[Group] = relationship(lazy="joined")


class Picture(Searched, Table):
    """What is known of the bytes alone, once for all evidence that holds them."""

    __tablename__ = "pictures"
    SEARCHED = ("sha256", "stated")

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    bytes: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    width: Mapped[int | None]
    height: Mapped[int | None]
    perceptual: Mapped[str | None] = mapped_column(String(16))
    own_rendition: Mapped[bool] = mapped_column(default=False)
    stated: Mapped[str | None]  # by the file: camera, programs, dates


class Removal(Table):
    """Bytes that no case held any more: their files go, and what a worker that was killed left of them."""

    __tablename__ = "removals"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)


class Finding(Table):
    """An examination of these bytes by these versions; there is one of each."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("sha256", "versions"),)

    id: Mapped[str] = _key()
    sha256: Mapped[str] = mapped_column(ForeignKey("pictures.sha256"))
    versions: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    score: Mapped[float | None]
    kind: Mapped[str | None]
    priority: Mapped[str | None] = mapped_column(String(8))
    examined_at: Mapped[datetime] = mapped_column(default=now)


class Original(Table):
    """Fingerprints of an image that somebody declared authentic."""

    __tablename__ = "originals"

    id: Mapped[str] = _key()
    label: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    perceptual: Mapped[str | None] = mapped_column(String(16))
    registered_by: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(default=now)


class Evidence(Searched, Table):
    """A file in a case, and the job that examines it.

    The job's columns are the truth about it; the queue only carries its name to a worker.
    """

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_case_uploaded", "case_id", "uploaded_at"),)
    SEARCHED = ("name", "uploaded_by")

    id: Mapped[str] = _key()
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


class Tag(Searched, Table):
    """A word by which people of a case sort its images."""

    __tablename__ = "tags"
    SEARCHED = ("name",)

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class Note(Searched, Table):
    """An examiner's note."""

    __tablename__ = "notes"
    SEARCHED = ("text", "by")

    id: Mapped[str] = _key()
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Conclusion(Searched, Table):
    """What an examiner concluded; the latest of each examiner stands, the others are history."""

    __tablename__ = "conclusions"
    SEARCHED = ("text", "by")

    id: Mapped[str] = _key()
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Review(Table):
    """What an examiner says of another's conclusion; the latest of each reviewer stands."""

    __tablename__ = "reviews"

    id: Mapped[str] = _key()
    conclusion_id: Mapped[str] = mapped_column(ForeignKey("conclusions.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


class Annotation(Searched, Table):
    """A region that an examiner drew on an image, with a comment; its author may change and remove it."""

    __tablename__ = "annotations"
    SEARCHED = ("text", "by")

    id: Mapped[str] = _key()
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), index=True)
    shape: Mapped[str] = mapped_column(String(16))
    points: Mapped[list[list[int]]] = mapped_column(JSON)
    text: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime | None]


class Draft(Table):
    """What somebody has begun to write and not recorded yet; it is no part of the case."""

    __tablename__ = "drafts"

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    subject: Mapped[str] = mapped_column(String(48), primary_key=True)
    choice: Mapped[str | None] = mapped_column(String(16))
    text: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=now)


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
