"""Evidence as shown in lists and in the viewer."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._tables import Evidence, Note, Original, Tag
from tamperlens.service.cases._conclusion_views import brief_view, disagree, standing_conclusions
from tamperlens.service.cases._near_duplicates import count_near_duplicates
from tamperlens.service.people.visitors import Visitor


def evidence_views(session: Session, who: Visitor, found: Sequence[Evidence]) -> list[dict[str, Any]]:
    """What is shown about each piece of evidence.

    Args:
        session: an open transaction.
        who: the person it is shown to; what they may not see is not counted.
        found: the evidence.
    """
    keys = [one.id for one in found]
    notes = sa.select(Note.evidence_id, sa.func.count()).where(Note.evidence_id.in_(keys))
    counts = {row[0]: row[1] for row in session.execute(notes.group_by(Note.evidence_id))}
    alike = count_near_duplicates(session, who, found)
    standing = standing_conclusions(session, keys)
    tags: dict[str, list[str]] = defaultdict(list)
    for tag in session.scalars(sa.select(Tag).where(Tag.evidence_id.in_(keys)).order_by(Tag.folded)):
        tags[tag.evidence_id].append(tag.name)
    return [
        {
            **_evidence_view(one),
            "tags": tags[one.id],
            "notes": counts.get(one.id, 0),
            "near_duplicates": alike[one.id],
            "conclusions": [brief_view(each) for each in standing[one.id]],
            "disagreement": disagree(standing[one.id]),
        }
        for one in found
    ]


def _evidence_view(one: Evidence) -> dict[str, Any]:
    own = (
        "id", "case_id", "name", "sha256", "uploaded_at", "uploaded_by", "state", "step", "progress",
        "attempts", "error", "finished_at", "duplicate",
    )  # fmt: skip
    picture, decoded = one.picture, one.picture.width is not None
    return {
        **{name: getattr(one, name) for name in own},
        **{name: getattr(picture, name) for name in ("bytes", "format", "width", "height")},
        **_found(one),
        "match": match_view(one.original, one.original_distance, one.sha256),
        "thumbnail": f"/api/v1/evidence/{one.id}/thumbnail" if decoded else None,
        "rendition": f"/api/v1/evidence/{one.id}/rendition" if decoded else None,
    }


def progress_view(one: Evidence) -> dict[str, Any]:
    """Content of a server-sent event."""
    return {
        **{name: getattr(one, name) for name in ("id", "state", "step", "progress", "error")},
        **{name: value for name, value in _found(one).items() if name not in {"kind", "priority"}},
    }


def _found(one: Evidence) -> dict[str, Any]:
    found = one.finding if one.state == "done" else None
    return {name: getattr(found, name, None) for name in ("outcome", "score", "kind", "priority")}


def match_view(original: Original | None, distance: int | None, sha256: str) -> dict[str, Any] | None:
    """The registered original that the evidence equals or looks like."""
    if original is None:
        return None
    how = "exact" if original.sha256 == sha256 else "perceptual"
    return {"id": original.id, "label": original.label, "how": how, "distance": distance or 0}


def note_view(note: Note) -> dict[str, Any]:
    """A note."""
    return {name: getattr(note, name) for name in ("id", "text", "by", "at")}
