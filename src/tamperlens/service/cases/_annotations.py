"""Regions that examiners drew on an image, and their comments."""

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.custody import canonical, text_hash
from tamperlens.service._tables import Annotation


def annotations_of(session: Session, evidence_id: str) -> Sequence[Annotation]:
    """All annotations of one image, in the order in which they were made."""
    own = sa.select(Annotation).where(Annotation.evidence_id == evidence_id)
    return session.scalars(own.order_by(Annotation.at, Annotation.id)).all()


def corners(one: Annotation) -> list[list[int]]:
    """x, y of every corner in pixels; a rectangle is stored as two corners."""
    if one.shape != "rectangle":
        return one.points
    (left, top), (right, bottom) = one.points
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def annotation_view(one: Annotation) -> dict[str, Any]:
    """An annotation."""
    names = ("id", "shape", "points", "text", "by", "at", "changed_at")
    return {**{name: getattr(one, name) for name in names}, "version": annotation_version(one)}


def annotation_version(one: Annotation) -> str:
    """Its ETag, 32 hexadecimal digits, which changes with everything its author may change."""
    changed = canonical([one.shape, one.points, one.text])
    return hashlib.sha256(changed.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def annotation_details(one: Annotation) -> dict[str, Any]:
    """What the ledger records about it."""
    drawn = {"annotation": one.id, "shape": one.shape, "points": one.points}
    return {**drawn, "sha256": text_hash(one.text)}
