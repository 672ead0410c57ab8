"""What an error answers, as RFC 9457 has it."""

from apiflask import Schema, fields


class Problem(Schema):
    """What was wrong, and what to do."""

    type = fields.String(required=True, metadata={"description": "about:blank: the status says it"})
    title = fields.String(required=True, metadata={"description": "of the status"})
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "a sentence"})
    errors = fields.Dict(
        metadata={"description": "where it stood in the request → field → what is wrong with it"}
    )
