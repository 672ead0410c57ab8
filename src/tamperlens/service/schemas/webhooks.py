"""Webhooks: which address is called about what."""

from apiflask import Schema, fields
from marshmallow.validate import Length, OneOf

from tamperlens.service.schemas.fields import line, page_of
from tamperlens.service.webhooks import ACTIONS

_WHICH = {"description": "actions of the ledger to send"}


class WebhookIn(Schema):
    """Which address to call about which actions; all of them if none are chosen."""

    url = line(2000, required=True, metadata={"description": "https://, on an allowed host"})
    actions = fields.List(
        fields.String(validate=OneOf(ACTIONS)),
        load_default=lambda: list(ACTIONS),
        validate=Length(1, len(ACTIONS)),
        metadata=_WHICH,
    )


class WebhookChange(Schema):
    """Whether the webhook is paused; what happens in the meantime is sent after it is resumed."""

    paused = fields.Boolean(required=True)


class Webhook(Schema):
    """A webhook, which is called about events in the cases that its owner may see."""

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
    """Result of a test call."""

    arrived = fields.Boolean(required=True)
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "why the call did not arrive"}
    )


WebhookPage = page_of(Webhook)
