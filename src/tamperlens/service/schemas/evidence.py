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
    """A file in a case and how far its examination is."""

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
        metadata={"description": "the latest of each examiner, the earliest of them first"},
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
        required=True, allow_none=True, metadata={"description": "path of the picture that a browser shows"}
    )


class NearDuplicate(Schema):
    """Another image of the same bytes, or one that looks alike."""

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
    """The registered original that evidence equals or looks like, and where its image is to be seen."""

    evidence_id = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "evidence of the original's bytes that one may see; null where there is none"
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
    """What came of one of several files."""

    name = fields.String(required=True)
    evidence = fields.Nested(Evidence, required=True, allow_none=True)
    problem = fields.String(
        required=True, allow_none=True, metadata={"description": "why it was not taken, a sentence"}
    )


class HandedIn(Schema):
    """What came of each file, in the order in which they were sent."""

    items = fields.List(fields.Nested(HandedInFile), required=True)


class EvidenceSieve(Schema):
    """Which evidence of a case, in which order."""

    search = line(200, shortest=0, load_default="")
    state = chosen(STATES)
    outcome = chosen(OUTCOMES)
    near_duplicates = fields.Boolean(
        load_default=False,
        metadata={"description": "only those of which other images that you may see show the same"},
    )
    sort = fields.String(load_default="uploaded", validate=OneOf(("uploaded", "name", "score", "priority")))


class EvidenceQuery(EvidenceSieve, PageIn):
    """Which page of which evidence of a case, in which order."""


class Neighbours(Schema):
    """What stands beside a piece of evidence in a list; all null where the list does not hold it."""

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
    """A note to be added."""

    text = text(20_000, shortest=1, required=True)


class Original(Schema):
    """The fingerprints of an image that somebody declared authentic."""

    id = fields.String(required=True)
    label = fields.String(required=True)
    sha256 = fields.String(required=True)
    perceptual = fields.String(required=True, allow_none=True)
    registered_by = fields.String(required=True)
    registered_at = fields.DateTime(required=True)


class OriginalIn(Schema):
    """Evidence to be declared authentic, or the fingerprints of a file that is not here."""

    label = line(200, required=True)
    evidence_id = line(32)
    sha256 = fields.String(validate=Regexp(r"^[0-9a-f]{64}\Z"))
    perceptual = fields.String(validate=Regexp(r"^[0-9a-f]{16}\Z"))


class MapQuery(Schema):
    """How a map is drawn: whole, or clear where its value is low, to lie over the photograph."""

    look = chosen(("whole", "veil"), load_default="whole")


class DownloadQuery(Schema):
    """Whether the file is to be saved instead of shown."""

    download = fields.Integer(load_default=0, validate=Range(0, 1))


EvidencePage = page_of(Evidence)
NotePage = page_of(Note)
OriginalPage = page_of(Original)
