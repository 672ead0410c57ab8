"""Answers to requests that failed (RFC 9457)."""

from apiflask import Schema, fields


class Problem(Schema):
    """What was wrong, and what to do."""

    type = fields.String(required=True, metadata={"description": "about:blank: see the status"})
    title = fields.String(required=True, metadata={"description": "title of the status"})
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "a sentence"})
    errors = fields.Dict(metadata={"description": "part of the request → field → what is wrong with it"})
