"""Evidence, its state, notes, and the registry of originals."""

from apiflask import Schema, fields
from marshmallow.validate import Length, OneOf, Range, Regexp

from tamperlens.report import PRIORITIES
from tamperlens.service.schemas.conclusions import ConclusionBrief
from tamperlens.service.schemas.fields import OUTCOMES, STATES, PageIn, chosen, line, page_of, text


class Match(Schema):
    """A registered original that this evidence equals or looks like."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    how = chosen(("exact", "perceptual"), required=True)
    distance = fields.Integer(required=True, metadata={"description": "differing bits of 64"})


class Evidence(Schema):
    """A file in a case, and the progress of its examination."""

    id = fields.String(required=True)
    case_id = fields.String(required=True)
    name = fields.String(required=True)
    sha256 = fields.String(required=True)
    bytes = fields.Integer(required=True)
    format = fields.String(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)
    uploaded_at = fields.DateTime(required=True)
    uploaded_by = fields.String(required=True)
    state = chosen(STATES, required=True)
    step = fields.String(required=True, metadata={"description": "what is being done, a few words"})
    progress = fields.Float(required=True, metadata={"description": "0 to 1"})
    attempts = fields.Integer(required=True)
    error = fields.String(required=True, allow_none=True, metadata={"description": "why it failed"})
    finished_at = fields.DateTime(required=True, allow_none=True)
    outcome = chosen(OUTCOMES, required=True, allow_none=True)
    score = fields.Float(required=True, allow_none=True)
    kind = fields.String(required=True, allow_none=True)
    priority = chosen(
        tuple(PRIORITIES), required=True, allow_none=True, metadata={"description": "what to look at first"}
    )
    duplicate = fields.Boolean(required=True, metadata={"description": "an earlier finding was used again"})
    match = fields.Nested(Match, required=True, allow_none=True)
    conclusions = fields.List(
        fields.Nested(ConclusionBrief),
        required=True,
        metadata={"description": "each examiner's latest conclusion, the earliest first"},
    )
    disagreement = fields.Boolean(
        required=True, metadata={"description": "examiners' outcomes differ, or a review disagrees"}
    )
    notes = fields.Integer(required=True)
    near_duplicates = fields.Integer(
        required=True,
        metadata={"description": "how many other images that you may see have the same bytes or look alike"},
    )
    tags = fields.List(fields.String(), required=True)
    thumbnail = fields.String(required=True, allow_none=True, metadata={"description": "path"})
    rendition = fields.String(
        required=True, allow_none=True, metadata={"description": "path of the picture for browsers"}
    )


class NearDuplicate(Schema):
    """Another image with the same bytes, or one that looks alike."""

    id = fields.String(required=True)
    case_id = fields.String(required=True)
    case_title = fields.String(required=True)
    name = fields.String(required=True)
    how = chosen(("exact", "perceptual"), required=True)
    distance = fields.Integer(required=True)
    format = fields.String(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)
    outcome = chosen(OUTCOMES, required=True, allow_none=True)
    uploaded_at = fields.DateTime(required=True)
    uploaded_by = fields.String(required=True)
    thumbnail = fields.String(required=True, allow_none=True, metadata={"description": "path"})


class NearDuplicates(Schema):
    """The other images that show the same, the nearest first."""

    items = fields.List(fields.Nested(NearDuplicate), required=True)


class MatchedOriginal(Match):
    """The registered original that evidence equals or looks like, and where to see its image."""

    evidence_id = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "evidence with the original's bytes that you may see; null if there is none"
        },
    )


class EvidenceIn(Schema):
    """One file."""

    file = fields.File(required=True)  # type: ignore[no-untyped-call]


class EvidenceFilesIn(Schema):
    """Several files."""

    files = fields.List(
        fields.File(),  # type: ignore[no-untyped-call]
        required=True,
        validate=Length(1, 100),
        metadata={"description": "the files, each byte for byte as it was found"},
    )


class HandedInFile(Schema):
    """Result for one of several files."""

    name = fields.String(required=True)
    evidence = fields.Nested(Evidence, required=True, allow_none=True)
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "why it was not added, as a sentence"}
    )


class HandedIn(Schema):
    """Result for each file, in the order in which they were sent."""

    items = fields.List(fields.Nested(HandedInFile), required=True)


class EvidenceSieve(Schema):
    """Which evidence of a case to list, in which order."""

    search = line(200, shortest=0, load_default="")
    state = chosen(STATES)
    outcome = chosen(OUTCOMES)
    near_duplicates = fields.Boolean(
        load_default=False,
        metadata={"description": "only images for which other images that you may see show the same"},
    )
    sort = fields.String(load_default="uploaded", validate=OneOf(("uploaded", "name", "score", "priority")))


class EvidenceQuery(EvidenceSieve, PageIn):
    """Which evidence of a case to list, in which order, and which page."""


class Neighbours(Schema):
    """Neighbours of a piece of evidence in a list; all null if it is not in the list."""

    previous = fields.String(required=True, allow_none=True)
    next = fields.String(required=True, allow_none=True)
    position = fields.Integer(required=True, allow_none=True, metadata={"description": "from 1"})
    total = fields.Integer(required=True, allow_none=True)


class Note(Schema):
    """An examiner's note; notes are added, never changed."""

    id = fields.String(required=True)
    text = fields.String(required=True)
    by = fields.String(required=True)
    at = fields.DateTime(required=True)


class NoteIn(Schema):
    """A note to add."""

    text = text(20_000, shortest=1, required=True)


class Original(Schema):
    """Fingerprints of an image that somebody registered as authentic."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    sha256 = fields.String(required=True)
    perceptual = fields.String(required=True, allow_none=True)
    registered_by = fields.String(required=True)
    registered_at = fields.DateTime(required=True)


class OriginalIn(Schema):
    """Evidence to register as authentic, or the fingerprints of a file that is not here."""

    label = line(200, required=True)
    evidence_id = line(32)
    sha256 = fields.String(validate=Regexp(r"^[0-9a-f]{64}\Z"))
    perceptual = fields.String(validate=Regexp(r"^[0-9a-f]{16}\Z"))


class MapQuery(Schema):
    """How to draw a map: opaque, or transparent where its value is low, as an overlay on the photograph."""

    look = chosen(("whole", "veil"), load_default="whole")


class DownloadQuery(Schema):
    """Whether to save the file instead of showing it."""

    download = fields.Integer(load_default=0, validate=Range(0, 1))


EvidencePage = page_of(Evidence)
NotePage = page_of(Note)
OriginalPage = page_of(Original)
