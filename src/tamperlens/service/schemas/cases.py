"""Cases, their shares and their history."""

from apiflask import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from tamperlens.report import PAPERS
from tamperlens.service.schemas.deletion import Hold
from tamperlens.service.schemas.fields import ACCESS, PageIn, chosen, line, page_of, text


class BundleQuery(Schema):
    """Whether to include the images themselves in the bundle."""

    originals = fields.Integer(load_default=0, validate=Range(0, 1))


# A report describes at most this many images one by one, so no more may be chosen for one.
MOST_CHOSEN = 60


class CasePaper(Schema):
    """Title block and paper of a case's report; an empty field becomes a line to fill in by hand."""

    request = line(400, shortest=0, load_default="", metadata={"description": "who asked, and for what"})
    organisation = line(400, shortest=0, load_default="", metadata={"description": "of the examiners"})
    paper = chosen(tuple(PAPERS), load_default="a4", metadata={"description": "size of the pages"})
    annex = fields.Integer(
        load_default=0, validate=Range(0, 1), metadata={"description": "1: append every record of the case"}
    )
    evidence = fields.List(
        fields.String(validate=Regexp(r"^[0-9a-f]{32}\Z")),
        load_default=list,
        validate=Length(0, MOST_CHOSEN),
        metadata={"description": f"only these images of the case, at most {MOST_CHOSEN}; if empty, all"},
    )


class StateCounts(Schema):
    """How many pieces of evidence are in each state."""

    queued = fields.Integer(required=True)
    running = fields.Integer(required=True)
    done = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)


class OutcomeCounts(Schema):
    """How many pieces of evidence have each outcome."""

    consistent = fields.Integer(required=True)
    inconclusive = fields.Integer(required=True)
    inconsistent = fields.Integer(required=True)


class Case(Schema):
    """A case as shown on the dashboard."""

    id = fields.String(required=True)
    version = fields.String(required=True, metadata={"description": "its ETag, without the quotes"})
    title = fields.String(required=True)
    description = fields.String(required=True)
    owner = fields.String(required=True, metadata={"description": "name of the owner"})
    access = chosen(("owner", *ACCESS), required=True, metadata={"description": "what you may do"})
    closed = fields.Boolean(required=True)
    closed_at = fields.DateTime(required=True, allow_none=True)
    hold = fields.Nested(Hold, required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    active_at = fields.DateTime(required=True)
    evidence = fields.Integer(required=True)
    states = fields.Nested(StateCounts, required=True)
    outcomes = fields.Nested(OutcomeCounts, required=True)
    thumbnails = fields.List(fields.String(), required=True, metadata={"description": "paths, at most four"})


class CaseIn(Schema):
    """A case to open."""

    title = line(200, required=True)
    description = text(10_000, load_default="")


class CaseChange(Schema):
    """What the owner changes in a case."""

    title = line(200)
    description = text(10_000)
    closed = fields.Boolean()


class CaseQuery(PageIn):
    """Which cases, in which order."""

    search = line(200, shortest=0, load_default="")
    closed = fields.Boolean(load_default=False)
    sort = fields.String(load_default="active", validate=OneOf(("active", "created", "title")))


class LiveHeaders(Schema):
    """Where to resume a stream of events."""

    last = fields.Integer(
        data_key="Last-Event-ID",
        validate=Range(0, 2**53),
        metadata={"description": "ID of the last event received; browsers send it automatically"},
    )


class Share(Schema):
    """A person whom a case is shared with."""

    user_id = fields.String(required=True)
    name = fields.String(required=True)
    access = chosen(ACCESS, required=True)


class OwnerIn(Schema):
    """Name of the new owner of a case."""

    name = line(64, required=True)


class ShareIn(Schema):
    """Name of the person to share with."""

    name = line(64, required=True)
    access = chosen(ACCESS, required=True)


class Record(Schema):
    """A record of the ledger."""

    seq = fields.Integer(required=True)
    at = fields.String(required=True, metadata={"description": "UTC, ISO 8601"})
    actor = fields.String(required=True, metadata={"description": "name at that time"})
    action = fields.String(required=True)
    case_id = fields.String(required=True, allow_none=True)
    evidence_id = fields.String(required=True, allow_none=True)
    details = fields.Dict(required=True)
    hash = fields.String(required=True)


class LedgerState(Schema):
    """What the check of the ledger found."""

    intact = fields.Boolean(required=True)
    records = fields.Integer(required=True)
    head = fields.String(required=True, metadata={"description": "note it elsewhere; 'number:hash'"})
    problem = fields.String(required=True, allow_none=True)


CasePage = page_of(Case)
SharePage = page_of(Share)
RecordPage = page_of(Record)
