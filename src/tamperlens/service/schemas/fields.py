"""Fields that refuse values that no table or page should contain."""

import re
from collections.abc import Mapping
from typing import Any

from apiflask import Schema, fields
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range

STATES = ("queued", "running", "done", "failed", "cancelled")
OUTCOMES = ("consistent", "inconclusive", "inconsistent")
ROLES = ("administrator", "examiner", "viewer")
ACCESS = ("read", "write")

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def _one_line(value: str) -> None:
    if _CONTROL.search(value):
        raise ValidationError("holds a control character; only printable text is taken")
    if value != value.strip():
        raise ValidationError("begins or ends with a space; leave it out")


def _lines(value: str) -> None:
    if _CONTROL_BUT_LINES.search(value):
        raise ValidationError("holds a control character; only printable text and new lines are taken")


def line(longest: int, shortest: int = 1, **options: Any) -> fields.String:  # noqa: ANN401 - marshmallow's own
    """One line of printable text."""
    return fields.String(validate=[Length(shortest, longest), _one_line], **options)


def text(longest: int, shortest: int = 0, **options: Any) -> fields.String:  # noqa: ANN401 - marshmallow's own
    """Printable text of several lines."""
    return fields.String(validate=[Length(shortest, longest), _lines], **options)


def secret(**options: Any) -> fields.String:  # noqa: ANN401 - marshmallow's own
    """A token or password as sent; only its length and encoding are checked here."""
    return fields.String(validate=[Length(1, 1024), _encodable], **options)


def _encodable(value: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValidationError("holds half a character; send text as UTF-8") from None


def chosen(names: tuple[str, ...], **options: Any) -> fields.String:  # noqa: ANN401 - marshmallow's own
    """One of several words."""
    return fields.String(validate=OneOf(names), **options)


class PageIn(Schema):
    """Which page of a list."""

    page = fields.Integer(load_default=1, validate=Range(1, 100_000))
    per_page = fields.Integer(load_default=50, validate=Range(1, 200))


def page_of(item: type[Schema]) -> type[Schema]:
    """Schema of a page of items."""
    members: Mapping[str, Any] = {
        "items": fields.List(fields.Nested(item), required=True),
        "total": fields.Integer(required=True),
        "page": fields.Integer(required=True),
        "per_page": fields.Integer(required=True),
    }
    return type(f"{item.__name__}Page", (Schema,), dict(members))
