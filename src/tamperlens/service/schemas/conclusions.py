"""Examiners' conclusions, reviews of each other's conclusions, and drafts."""

from apiflask import Schema, fields
from marshmallow import ValidationError, validates_schema

from tamperlens.service.schemas.fields import OUTCOMES, chosen, line, text

VERDICTS = ("agree", "disagree", "sign-off")


class Seen(Schema):
    """Which state the client has seen; one of the two headers is required."""

    if_match = fields.String(
        data_key="If-Match", metadata={"description": "the ETag of what is replaced, as last read"}
    )
    if_none_match = fields.String(
        data_key="If-None-Match", metadata={"description": "* if nothing is there yet"}
    )


class Review(Schema):
    """What an examiner says about another's conclusion."""

    verdict = chosen(VERDICTS, required=True)
    text = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)


class ReviewIn(Schema):
    """A review to record; disagreement needs a reason."""

    verdict = chosen(VERDICTS, required=True)
    text = text(20_000, load_default="")

    @validates_schema
    def _reason(self, data: dict[str, str], **_more: object) -> None:
        if data.get("verdict") == "disagree" and not data.get("text", "").strip():
            raise ValidationError("say why you disagree", "text")


class Conclusion(Schema):
    """An examiner's conclusion, independent of the finding."""

    id = fields.String(required=True, metadata={"description": "its ETag, in quotes"})
    outcome = chosen(OUTCOMES, required=True)
    text = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)


class StandingConclusion(Conclusion):
    """An examiner's latest conclusion with its reviews, and the earlier ones."""

    reviews = fields.List(fields.Nested(Review), required=True)
    earlier = fields.List(
        fields.Nested(Conclusion), required=True, metadata={"description": "the latest first"}
    )


class Conclusions(Schema):
    """The conclusions of all examiners about one piece of evidence."""

    items = fields.List(fields.Nested(StandingConclusion), required=True)
    disagreement = fields.Boolean(
        required=True, metadata={"description": "outcomes differ, or a review disagrees"}
    )


class ConclusionIn(Schema):
    """Your own conclusion; earlier ones stay in the history."""

    outcome = chosen(OUTCOMES, required=True)
    text = text(20_000, load_default="")


class ConclusionBrief(Schema):
    """An examiner's latest conclusion in short, for lists: reviewers by verdict."""

    id = fields.String(required=True)
    outcome = chosen(OUTCOMES, required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)
    agree = fields.List(fields.String(), required=True)
    disagree = fields.List(fields.String(), required=True)
    signed_off = fields.List(fields.String(), required=True)


class DraftIn(Schema):
    """What somebody has begun to write."""

    choice = line(16, load_default=None, allow_none=True, metadata={"description": "outcome or verdict"})
    text = text(20_000, load_default="")


class Draft(DraftIn):
    """What you have begun to write but not recorded yet; nobody else sees it."""

    subject = fields.String(
        required=True,
        metadata={"description": "note, conclusion, review-CONCLUSION, annotation, or annotation-ANNOTATION"},
    )
    choice = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    at = fields.DateTime(required=True)


class Drafts(Schema):
    """Your drafts about one piece of evidence."""

    items = fields.List(fields.Nested(Draft), required=True)
