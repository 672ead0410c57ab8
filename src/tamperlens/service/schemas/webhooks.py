"""Webhooks: who is called about what."""

from apiflask import Schema, fields
from marshmallow.validate import Length, OneOf

from tamperlens.service.schemas.fields import line, page_of
from tamperlens.service.webhooks import ACTIONS

_WHICH = {"description": "actions of the ledger that are told"}


class WebhookIn(Schema):
    """Whom to call about what; all that may be told where nothing is chosen."""

    url = line(2000, required=True, metadata={"description": "https://, on a host that is allowed"})
    actions = fields.List(
        fields.String(validate=OneOf(ACTIONS)),
        load_default=lambda: list(ACTIONS),
        validate=Length(1, len(ACTIONS)),
        metadata=_WHICH,
    )


class WebhookChange(Schema):
    """Whether calls go out; what was not told meanwhile is told then."""

    paused = fields.Boolean(required=True)


class Webhook(Schema):
    """Who is called about what happens in the cases that one may see."""

    id = fields.String(required=True)
    url = fields.String(required=True)
    actions = fields.List(fields.String(), required=True, metadata=_WHICH)
    created_at = fields.DateTime(required=True)
    paused = fields.Boolean(required=True)
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "why the last call did not arrive"}
    )
    failing_since = fields.DateTime(required=True, allow_none=True)
    called_at = fields.DateTime(required=True, allow_none=True)


class Tried(Schema):
    """What came of a call that was tried out."""

    arrived = fields.Boolean(required=True)
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "why the call did not arrive"}
    )


WebhookPage = page_of(Webhook)
