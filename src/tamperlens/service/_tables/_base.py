"""What all tables have in common: names of constraints, times, identifiers, searchable text."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, String, Text, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from tamperlens.service._folding import folded

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """The current time, UTC."""
    return datetime.now(UTC)


def new_key() -> str:
    """A new random identifier of 32 hexadecimal digits, which cannot be guessed."""
    return uuid.uuid4().hex


class Moment(TypeDecorator[datetime]):
    """A time with its zone; SQLite does not store zones, so UTC is added on reading."""

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
    """Rows that can be searched: `folded` is computed from the columns named in `SEARCHED`."""

    SEARCHED: tuple[str, ...]
    folded: Mapped[str] = mapped_column(default="", server_default="")


def _fold(_mapper: object, _connection: object, row: Searched) -> None:
    row.folded = folded("\n".join(getattr(row, name) or "" for name in row.SEARCHED))


event.listen(Searched, "before_insert", _fold, propagate=True)
event.listen(Searched, "before_update", _fold, propagate=True)


def key_column() -> Mapped[str]:
    """The identifier of a row."""
    return mapped_column(String(32), primary_key=True, default=new_key)
