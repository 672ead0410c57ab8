"""Holds, deletion, retention."""

from apiflask import Schema, fields

from tamperlens.service.schemas.fields import PageIn, line, page_of


class Hold(Schema):
    """Why nothing in a case may be deleted."""

    reason = fields.String(required=True)
    by = fields.String(required=True)
    by_administrator = fields.Boolean(
        required=True, metadata={"description": "then only an administrator may lift it"}
    )
    at = fields.DateTime(required=True)


class ReasonIn(Schema):
    """Why something is done; this is recorded."""

    reason = line(2000, shortest=3, required=True)


class HoldIn(ReasonIn):
    """Whether to put a case on hold or lift the hold, and why."""

    held = fields.Boolean(required=True)


class Held(Schema):
    """Whether a case is on hold."""

    hold = fields.Nested(Hold, required=True, allow_none=True)


class Deleted(Schema):
    """What was deleted."""

    images = fields.Integer(required=True)


class ClosedCase(Schema):
    """A closed case as shown to administrators, who apply the retention rule."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    owner = fields.String(required=True)
    closed_at = fields.DateTime(required=True)
    due_at = fields.DateTime(required=True, allow_none=True, metadata={"description": "null without a rule"})
    due = fields.Boolean(required=True, metadata={"description": "retention period over, and not on hold"})
    images = fields.Integer(required=True)
    hold = fields.Nested(Hold, required=True, allow_none=True)


class RetentionQuery(PageIn):
    """Which closed cases."""

    due = fields.Boolean(load_default=False, metadata={"description": "only those that are due"})


class ClosedCasePage(page_of(ClosedCase)):  # type: ignore[misc]
    """Closed cases, and the retention rule."""

    days = fields.Integer(
        required=True, metadata={"description": "days after which a closed case is due; 0: there is no rule"}
    )
