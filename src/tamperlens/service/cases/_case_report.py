"""A case → the content of its report on paper."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.errors import ServiceError
from tamperlens.examine import FindingDocument
from tamperlens.report import (
    HEADLINES,
    PRIORITIES,
    CaseImage,
    CaseReport,
    Region,
    Remark,
    ReportView,
    Step,
    report_view,
)
from tamperlens.service._ledger import verify
from tamperlens.service._store import Store
from tamperlens.service._tables import Annotation, Case, Conclusion, Evidence, Note, Record, Review
from tamperlens.service.cases._annotations import annotations_of, corners
from tamperlens.service.cases._conclusion_views import VERDICTS, Standing, disagree, standing_conclusions
from tamperlens.service.cases._moving import gone_and_come, told_with
from tamperlens.service.jobs import read_finding, read_view
from tamperlens.service.schemas.cases import MOST_CHOSEN
from tamperlens.text import escaped

_MOST_IMAGES = 1000
_LONGEST = 20_000
# Viewing an image does not count as a step in its history.
_UNTOLD = frozenset({"viewed"})


def case_report(session: Session, case: Case, store: Store, only: Sequence[str] = ()) -> CaseReport:
    """The content of the pages.

    Args:
        session: an open transaction, which sees one state of the database.
        case: case to report.
        store: store of findings and thumbnails.
        only: identifiers of the images to report; empty for all.

    Raises:
        ServiceError: there are too many images for one report, or a chosen image is not in the case.
    """
    which = sa.select(Evidence).where(Evidence.case_id == case.id)
    if only:
        which = which.where(Evidence.id.in_(only))
    if (many := session.scalar(sa.select(sa.func.count()).select_from(which.subquery())) or 0) > _MOST_IMAGES:
        raise ServiceError(
            f"the case has {many} images, and a printed report holds at most {_MOST_IMAGES}; "
            "the signed bundle and the table hold all"
        )
    found = session.scalars(which.order_by(Evidence.uploaded_at, Evidence.id)).all()
    if only and len(found) < len(set(only)):
        raise ServiceError("not every image that was chosen is in this case")
    standing = standing_conclusions(session, [one.id for one in found])
    views = {one.id: _view(store, one) for one in found}
    images = tuple(_image(session, store, one, views[one.id], standing[one.id]) for one in found)
    told = _told(found, images)
    seen = [view for view in views.values() if view]
    return CaseReport(
        title=_plain(case.title),
        description=_plain(case.description),
        summary=_summary(case, images, len(told), bool(only)),
        images=images,
        told=told,
        custody=_custody(session, case, bool(only)),
        steps=_steps(session, case, {one.id: one.name for one in found}, bool(only)),
        method=_each_once(view.method for view in seen),
        references=_each_once(view.references for view in seen),
        limits=_each_once(view.limits for view in seen),
    )


def _view(store: Store, one: Evidence) -> ReportView | None:
    """The finding in words; None if there is none that this version can read."""
    if one.state != "done":
        return None
    try:
        return report_view(msgspec.convert(read_finding(store, one), FindingDocument))
    except (OSError, ValueError, msgspec.ValidationError):
        return None


def _image(
    session: Session, store: Store, one: Evidence, view: ReportView | None, standing: Sequence[Standing]
) -> CaseImage:
    picture = one.picture
    size = f"{picture.width} × {picture.height} px, " if picture.width else ""
    answer: dict[str, Any] = {"outcome": "", "found": one.error or f"not examined ({one.state})"}
    if view:
        reasons = tuple(f"{each.title}: {each.here}" for each in view.answer.reasons)
        answer = {
            "outcome": view.outcome, "found": view.headline, "what": view.answer.what,
            "where": view.answer.where, "why": reasons or (view.answer.why,),
            "score": view.gauge.text if view.gauge.score is not None else "",
            "outline": _outline(store, one) if view.answer.outlined else (),
        }  # fmt: skip
    notes = session.scalars(sa.select(Note).where(Note.evidence_id == one.id).order_by(Note.at, Note.id))
    return CaseImage(
        name=_plain(one.name),
        sha256=one.sha256,
        size=f"{size}{picture.format}",
        handed_in=f"by {_plain(one.uploaded_by)}, {_moment(one.uploaded_at)}",
        thumbnail=store.made(one.sha256) / "thumbnail.webp",
        conclusions=tuple(_concluded(each) for each in standing),
        disagreement=disagree(standing),
        notes=tuple(_remark(note) for note in notes),
        regions=tuple(_region(each, one) for each in annotations_of(session, one.id)),
        **answer,
    )


def _outline(store: Store, one: Evidence) -> tuple[tuple[tuple[float, float], ...], ...]:
    try:
        drawn = read_view(store, one).outline
    except (OSError, msgspec.DecodeError):
        return ()
    return tuple(_shares(points, one) for points in drawn if len(points) > 2)


def _shares(points: Sequence[Sequence[float]], one: Evidence) -> tuple[tuple[float, float], ...]:
    width, height = one.picture.width or 1, one.picture.height or 1
    return tuple((x / width, y / height) for x, y in points)


def _region(drawn: Annotation, one: Evidence) -> Region:
    return Region(points=_shares(corners(drawn), one), remark=_remark(drawn))


def _concluded(standing: Standing) -> Remark:
    said = standing.conclusion
    reviews = tuple(_remark(each, headline=VERDICTS[each.verdict]) for each in standing.reviews)
    return _remark(said, headline=HEADLINES[said.outcome], outcome=said.outcome, reviews=reviews)


def _remark(said: Conclusion | Review | Note | Annotation, **more: Any) -> Remark:  # noqa: ANN401 - of Remark
    return Remark(by=_plain(said.by), at=_moment(said.at), text=_plain(said.text), **more)


def _told(found: Sequence[Evidence], images: Sequence[CaseImage]) -> tuple[int, ...]:
    """Numbers of the images that get a section of their own, in the order in which they were added."""
    order = {name: place for place, name in enumerate(PRIORITIES)}

    def rank(number: int) -> tuple[bool, int, int]:
        one, image = found[number - 1], images[number - 1]
        written = bool(image.conclusions or image.notes or image.regions)
        priority = one.finding.priority if one.finding else None
        return not (image.disagreement or written), order.get(priority or "", len(order)), number

    return tuple(sorted(sorted(range(1, len(images) + 1), key=rank)[:MOST_CHOSEN]))


def _summary(case: Case, images: Sequence[CaseImage], told: int, chosen: bool) -> tuple[str, ...]:
    counts = {outcome: sum(one.outcome == outcome for one in images) for outcome in HEADLINES}
    of_each = ", ".join(f"{count} {HEADLINES[each].lower()}" for each, count in counts.items() if count)
    missing = len(images) - sum(counts.values())
    differing = sum(one.disagreement for one in images)
    sentences = (
        f"The case belongs to {_plain(case.owner.name)} and is {'closed' if case.closed else 'open'}.",
        "This report covers selected images of the case; there may be others." if chosen else "",
        f"Images: {len(images)}. Found by the machine: {of_each or 'nothing yet'}.",
        f"Without a finding: {missing}; the table says why." if missing else "",
        f"Images with an examiner's conclusion: {sum(bool(one.conclusions) for one in images)}.",
        f"Images on which examiners disagree: {differing}." if differing else "",
        f"Told one by one: {told}: first those with notes or conclusions, then the most urgent."
        if told < len(images)
        else "",
    )
    return tuple(filter(None, sentences))


def _custody(session: Session, case: Case, chosen: bool) -> tuple[str, ...]:
    checked = verify(session)
    state = "intact" if checked.problem is None else f"not intact: {checked.problem}"
    return (
        "Every image was kept byte for byte as it was added, under the SHA-256 of its bytes. Every step "
        "was recorded in a chain in which each record holds the hash of the one before.",
        f"When this report was made, this workbench's ledger held {checked.records} records and was {state}. "
        f"Its head was {checked.head}.",
        "A signed bundle of the case lets anyone check all this without the workbench.",
        *(() if chosen else _gone_and_come(session, case)),
    )


def _gone_and_come(session: Session, case: Case) -> Iterator[str]:
    how = {
        "deleted": "deleted",
        "moved_out": "moved to another case",
        "moved_in": "moved here from case {from}",
    }
    for name, images in gone_and_come(session, case.id).items():
        for one in images:
            yield (
                f"{_plain(one['name'])} (SHA-256 {one['sha256']}) was {how[name].format_map(one)} on "
                f"{one['at'][:10]} by {_plain(one['by'])} because: {_plain(one['reason'])}."
            )


def _steps(session: Session, case: Case, names: dict[str, str], chosen: bool) -> tuple[Step, ...]:
    which = sa.select(Record).where(told_with(case.id)).order_by(Record.seq)
    if chosen:
        which = which.where(Record.evidence_id.in_(names))
    return tuple(_step(one, names) for one in session.scalars(which) if one.action not in _UNTOLD)


def _step(record: Record, names: dict[str, str]) -> Step:
    name = names.get(record.evidence_id or "") or json.loads(record.details).get("name", "")
    what = f"{record.action}: {_plain(str(name))}" if name else record.action
    return Step(seq=record.seq, at=record.at[:19].replace("T", " "), actor=_plain(record.actor), what=what)


def _each_once(parts: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for part in parts for sentence in part))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _plain(text: str) -> str:
    """A person's text, with invisible characters made visible."""
    return "\n".join(escaped(line, _LONGEST) for line in text.splitlines())
