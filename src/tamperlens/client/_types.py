"""What is sent and answered. Made by docs/make_client.py from ui/openapi.json: do not edit."""

from typing import Any, Literal, NotRequired, TypedDict


class Annotation(TypedDict):
    """Annotation."""

    at: str
    by: str
    changed_at: str | None
    id: str
    points: list[list[int]]
    shape: Literal["rectangle", "outline"]
    text: str
    version: str


class AnnotationIn(TypedDict):
    """AnnotationIn."""

    points: list[list[int]]
    shape: Literal["rectangle", "outline"]
    text: NotRequired[str]


class Annotations(TypedDict):
    """Annotations."""

    items: "list[Annotation]"


class BulkDone(TypedDict):
    """BulkDone."""

    done: int
    skipped: "list[Skipped]"


class BulkIn(TypedDict):
    """BulkIn."""

    action: Literal["examine", "cancel", "conclude", "tag", "untag", "copy"]
    case_id: NotRequired[str]
    evidence: list[str]
    outcome: NotRequired[Literal["consistent", "inconclusive", "inconsistent"]]
    tag: NotRequired[str]
    text: NotRequired[str]


class Case(TypedDict):
    """Case."""

    access: Literal["owner", "read", "write"]
    active_at: str
    closed: bool
    closed_at: str | None
    created_at: str
    description: str
    evidence: int
    hold: "Hold | None"
    id: str
    outcomes: "OutcomeCounts"
    owner: str
    states: "StateCounts"
    thumbnails: list[str]
    title: str
    version: str


class CaseChange(TypedDict):
    """CaseChange."""

    closed: NotRequired[bool]
    description: NotRequired[str]
    title: NotRequired[str]


class CaseIn(TypedDict):
    """CaseIn."""

    description: NotRequired[str]
    title: str


class CasePage(TypedDict):
    """CasePage."""

    items: "list[Case]"
    page: int
    per_page: int
    total: int


class Conclusion(TypedDict):
    """Conclusion."""

    at: str
    by: str
    id: str
    outcome: Literal["consistent", "inconclusive", "inconsistent"]
    text: str


class ConclusionBrief(TypedDict):
    """ConclusionBrief."""

    agree: list[str]
    at: str
    by: str
    disagree: list[str]
    id: str
    outcome: Literal["consistent", "inconclusive", "inconsistent"]
    signed_off: list[str]


class ConclusionIn(TypedDict):
    """ConclusionIn."""

    outcome: Literal["consistent", "inconclusive", "inconsistent"]
    text: NotRequired[str]


class Conclusions(TypedDict):
    """Conclusions."""

    disagreement: bool
    items: "list[StandingConclusion]"


class Draft(TypedDict):
    """Draft."""

    at: str
    choice: str | None
    subject: str
    text: str


class DraftIn(TypedDict):
    """DraftIn."""

    choice: NotRequired[str | None]
    text: NotRequired[str]


class Drafts(TypedDict):
    """Drafts."""

    items: "list[Draft]"


class Evidence(TypedDict):
    """Evidence."""

    attempts: int
    bytes: int
    case_id: str
    conclusions: "list[ConclusionBrief]"
    disagreement: bool
    duplicate: bool
    error: str | None
    finished_at: str | None
    format: str
    height: int | None
    id: str
    kind: str | None
    match: "Match | None"
    name: str
    near_duplicates: int
    notes: int
    outcome: Literal["consistent", "inconclusive", "inconsistent"] | None
    priority: Literal["high", "medium", "low", "none"] | None
    progress: float
    rendition: str | None
    score: float | None
    sha256: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    tags: list[str]
    thumbnail: str | None
    uploaded_at: str
    uploaded_by: str
    width: int | None


class EvidenceFilesIn(TypedDict):
    """EvidenceFilesIn."""

    files: list[str]


class EvidenceIn(TypedDict):
    """EvidenceIn."""

    file: str


class EvidencePage(TypedDict):
    """EvidencePage."""

    items: "list[Evidence]"
    page: int
    per_page: int
    total: int


class Found(TypedDict):
    """Found."""

    cases: "list[Case]"
    items: "list[FoundEvidence]"
    page: int
    per_page: int
    total: int


class FoundEvidence(TypedDict):
    """FoundEvidence."""

    attempts: int
    bytes: int
    case_id: str
    case_title: str
    conclusions: "list[ConclusionBrief]"
    disagreement: bool
    duplicate: bool
    error: str | None
    finished_at: str | None
    format: str
    height: int | None
    id: str
    kind: str | None
    match: "Match | None"
    name: str
    near_duplicates: int
    notes: int
    outcome: Literal["consistent", "inconclusive", "inconsistent"] | None
    priority: Literal["high", "medium", "low", "none"] | None
    progress: float
    rendition: str | None
    score: float | None
    sha256: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    step: str
    tags: list[str]
    thumbnail: str | None
    uploaded_at: str
    uploaded_by: str
    width: int | None


class Group(TypedDict):
    """Group."""

    created_at: str
    id: str
    members: "list[Member]"
    name: str


class GroupPage(TypedDict):
    """GroupPage."""

    items: "list[Group]"
    page: int
    per_page: int
    total: int


class GroupShare(TypedDict):
    """GroupShare."""

    access: Literal["read", "write"]
    group_id: str
    members: "list[Member]"
    name: str


class GroupShareIn(TypedDict):
    """GroupShareIn."""

    access: Literal["read", "write"]
    name: str


class GroupSharePage(TypedDict):
    """GroupSharePage."""

    items: "list[GroupShare]"
    page: int
    per_page: int
    total: int


class HandedIn(TypedDict):
    """HandedIn."""

    items: "list[HandedInFile]"


class HandedInFile(TypedDict):
    """HandedInFile."""

    evidence: "Evidence | None"
    name: str
    problem: str | None


class Hold(TypedDict):
    """Hold."""

    at: str
    by: str
    by_administrator: bool
    reason: str


class Keys(TypedDict):
    """Keys."""

    keys: list[str]


class LedgerState(TypedDict):
    """LedgerState."""

    head: str
    intact: bool
    problem: str | None
    records: int


class Match(TypedDict):
    """Match."""

    distance: int
    how: Literal["exact", "perceptual"]
    id: str
    label: str


class MatchedOriginal(TypedDict):
    """MatchedOriginal."""

    distance: int
    evidence_id: str | None
    how: Literal["exact", "perceptual"]
    id: str
    label: str


class Me(TypedDict):
    """Me."""

    csrf_token: str | None
    id: str
    max_upload_bytes: int
    must_enrol: bool
    name: str
    role: Literal["administrator", "examiner", "viewer"]


class Member(TypedDict):
    """Member."""

    name: str
    user_id: str


class NearDuplicate(TypedDict):
    """NearDuplicate."""

    case_id: str
    case_title: str
    distance: int
    format: str
    height: int | None
    how: Literal["exact", "perceptual"]
    id: str
    name: str
    outcome: Literal["consistent", "inconclusive", "inconsistent"] | None
    thumbnail: str | None
    uploaded_at: str
    uploaded_by: str
    width: int | None


class NearDuplicates(TypedDict):
    """NearDuplicates."""

    items: "list[NearDuplicate]"


class Neighbours(TypedDict):
    """Neighbours."""

    next: str | None
    position: int | None
    previous: str | None
    total: int | None


class Note(TypedDict):
    """Note."""

    at: str
    by: str
    id: str
    text: str


class NoteIn(TypedDict):
    """NoteIn."""

    text: str


class NotePage(TypedDict):
    """NotePage."""

    items: "list[Note]"
    page: int
    per_page: int
    total: int


class Original(TypedDict):
    """Original."""

    id: str
    label: str
    perceptual: str | None
    registered_at: str
    registered_by: str
    sha256: str


class OriginalIn(TypedDict):
    """OriginalIn."""

    evidence_id: NotRequired[str]
    label: str
    perceptual: NotRequired[str]
    sha256: NotRequired[str]


class OriginalPage(TypedDict):
    """OriginalPage."""

    items: "list[Original]"
    page: int
    per_page: int
    total: int


class OutcomeCounts(TypedDict):
    """OutcomeCounts."""

    consistent: int
    inconclusive: int
    inconsistent: int


class Record(TypedDict):
    """Record."""

    action: str
    actor: str
    at: str
    case_id: str | None
    details: dict[str, Any]
    evidence_id: str | None
    hash: str
    seq: int


class RecordPage(TypedDict):
    """RecordPage."""

    items: "list[Record]"
    page: int
    per_page: int
    total: int


class Review(TypedDict):
    """Review."""

    at: str
    by: str
    text: str
    verdict: Literal["agree", "disagree", "sign-off"]


class ReviewIn(TypedDict):
    """ReviewIn."""

    text: NotRequired[str]
    verdict: Literal["agree", "disagree", "sign-off"]


class Share(TypedDict):
    """Share."""

    access: Literal["read", "write"]
    name: str
    user_id: str


class ShareIn(TypedDict):
    """ShareIn."""

    access: Literal["read", "write"]
    name: str


class SharePage(TypedDict):
    """SharePage."""

    items: "list[Share]"
    page: int
    per_page: int
    total: int


class Skipped(TypedDict):
    """Skipped."""

    id: str
    why: str


class StandingConclusion(TypedDict):
    """StandingConclusion."""

    at: str
    by: str
    earlier: "list[Conclusion]"
    id: str
    outcome: Literal["consistent", "inconclusive", "inconsistent"]
    reviews: "list[Review]"
    text: str


class StateCounts(TypedDict):
    """StateCounts."""

    cancelled: int
    done: int
    failed: int
    queued: int
    running: int


class TableIn(TypedDict):
    """TableIn."""

    evidence: list[str]
