"""Search across cases."""

from apiflask import Schema, fields

from tamperlens.service.schemas.cases import Case
from tamperlens.service.schemas.evidence import Evidence
from tamperlens.service.schemas.fields import PageIn, line


class SearchQuery(PageIn):
    """Words, all of which must be found, in any script and case."""

    words = line(200, required=True)


class FoundEvidence(Evidence):
    """Evidence that was found, and where."""

    case_title = fields.String(required=True)


class Found(Schema):
    """Cases found by title and description, and a page of evidence found by all that is known about it."""

    cases = fields.List(fields.Nested(Case), required=True, metadata={"description": "at most twenty"})
    items = fields.List(fields.Nested(FoundEvidence), required=True)
    total = fields.Integer(required=True, metadata={"description": "of evidence"})
    page = fields.Integer(required=True)
    per_page = fields.Integer(required=True)
