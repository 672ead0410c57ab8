"""Regions that examiners draw on an image, each with a comment."""

from typing import Any

from apiflask import Schema, fields
from marshmallow import ValidationError, validates_schema
from marshmallow.validate import Length, Range

from tamperlens.service.schemas.fields import chosen, text

SHAPES = ("rectangle", "outline")
MOST_POINTS = 500
_LARGEST = 1_000_000


def _points() -> "fields.List[Any]":
    axis = fields.Integer(strict=True, validate=Range(0, _LARGEST))
    return fields.List(
        fields.List(axis, validate=Length(equal=2)),
        required=True,
        validate=Length(2, MOST_POINTS),
        metadata={
            "description": "[x, y] in pixels from the image's top left corner: a rectangle's top left and "
            "bottom right corner; three or more corners of an outline, which is closed automatically"
        },
    )


class AnnotationIn(Schema):
    """A region and a comment on it."""

    shape = chosen(SHAPES, required=True)
    points = _points()
    text = text(20_000, load_default="")

    @validates_schema
    def _encloses(self, data: dict[str, Any], **_more: object) -> None:
        points = data.get("points", [])
        if data.get("shape") == "rectangle":
            if len(points) != 2 or any(low >= high for low, high in zip(*points, strict=True)):
                raise ValidationError(
                    "a rectangle has two corners: first the top left, then the bottom right", "points"
                )
        elif len(points) < 3:
            raise ValidationError("an outline has three corners or more", "points")


class Annotation(Schema):
    """A region that an examiner drew on an image; only its author may change or remove it."""

    id = fields.String(required=True)
    shape = chosen(SHAPES, required=True)
    points = _points()
    text = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)
    changed_at = fields.DateTime(required=True, allow_none=True)
    version = fields.String(required=True, metadata={"description": "its ETag, in quotes"})


class Annotations(Schema):
    """What all examiners drew on one image, the earliest first."""

    items = fields.List(fields.Nested(Annotation), required=True)
