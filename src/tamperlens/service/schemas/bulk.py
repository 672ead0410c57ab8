"""Actions on many images of a case at once."""

from typing import Any

from apiflask import Schema, fields
from marshmallow import ValidationError, validates_schema
from marshmallow.validate import Length, Regexp

from tamperlens.service.schemas.deletion import ReasonIn
from tamperlens.service.schemas.fields import OUTCOMES, chosen, line, text

ACTIONS = ("examine", "cancel", "conclude", "tag", "untag", "copy")
# What an action needs besides the images.
_NEEDED = {"conclude": "outcome", "tag": "tag", "untag": "tag", "copy": "case_id"}
_KEY = Regexp(r"^[0-9a-f]{32}\Z")


def _images(most: int) -> "fields.List[Any]":
    told = {"description": f"identifiers of the images, at most {most}"}
    return fields.List(fields.String(validate=_KEY), required=True, validate=Length(1, most), metadata=told)


class BulkIn(Schema):
    """An action, and the images of the case to which it applies."""

    action = chosen(ACTIONS, required=True)
    evidence = _images(500)
    outcome = chosen(OUTCOMES, metadata={"description": "to conclude"})
    text = text(20_000, load_default="", metadata={"description": "for conclude: the reasons"})
    tag = line(40, metadata={"description": "for tag and untag"})
    case_id = fields.String(validate=_KEY, metadata={"description": "for copy: the receiving case"})

    @validates_schema
    def _complete(self, data: dict[str, object], **_more: object) -> None:
        needed = _NEEDED.get(str(data.get("action")))
        if needed and needed not in data:
            raise ValidationError("is needed for this action", needed)


class MoveIn(ReasonIn):
    """Which case to move an image to, and why; this is recorded."""

    case_id = fields.String(
        required=True, validate=_KEY, metadata={"description": "the case that receives it"}
    )


class BulkMoveIn(MoveIn):
    """Which case to move many images of a case to, and why; this is recorded."""

    evidence = _images(500)


class BulkDeletionIn(ReasonIn):
    """Which images of a case to delete, and why; this is recorded."""

    evidence = _images(500)


class TableIn(Schema):
    """The images to list in the table."""

    evidence = _images(10_000)


class Skipped(Schema):
    """An image that was skipped."""

    id = fields.String(required=True)
    why = fields.String(required=True)


class BulkDone(Schema):
    """Result of the action."""

    done = fields.Integer(required=True)
    skipped = fields.List(fields.Nested(Skipped), required=True)


class Keys(Schema):
    """Identifiers of all evidence in a list, in its order."""

    keys = fields.List(fields.String(), required=True)
