"""What is done to many images of a case at once."""

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
    told = {"description": f"identifiers of the images, {most} at most"}
    return fields.List(fields.String(validate=_KEY), required=True, validate=Length(1, most), metadata=told)


class BulkIn(Schema):
    """An action, and the images of the case that it is for."""

    action = chosen(ACTIONS, required=True)
    evidence = _images(500)
    outcome = chosen(OUTCOMES, metadata={"description": "to conclude"})
    text = text(20_000, load_default="", metadata={"description": "reasons, to conclude"})
    tag = line(40, metadata={"description": "to tag or untag"})
    case_id = fields.String(validate=_KEY, metadata={"description": "to copy: into which case"})

    @validates_schema
    def _complete(self, data: dict[str, object], **_more: object) -> None:
        needed = _NEEDED.get(str(data.get("action")))
        if needed and needed not in data:
            raise ValidationError("is needed for this action", needed)


class MoveIn(ReasonIn):
    """Into which case an image moves, and why; it is recorded."""

    case_id = fields.String(
        required=True, validate=_KEY, metadata={"description": "the case that receives it"}
    )


class BulkMoveIn(MoveIn):
    """Likewise for many images of a case."""

    evidence = _images(500)


class BulkDeletionIn(ReasonIn):
    """Which images of a case are deleted, and why; it is recorded."""

    evidence = _images(500)


class TableIn(Schema):
    """The images whose rows are wanted."""

    evidence = _images(10_000)


class Skipped(Schema):
    """An image to which nothing was done."""

    id = fields.String(required=True)
    why = fields.String(required=True)


class BulkDone(Schema):
    """What came of it."""

    done = fields.Integer(required=True)
    skipped = fields.List(fields.Nested(Skipped), required=True)


class Keys(Schema):
    """Identifiers of all evidence that a list holds, in its order."""

    keys = fields.List(fields.String(), required=True)
