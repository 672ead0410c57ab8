"""Deletes images and cases: content goes, hashes and the ledger's records stay."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.custody import text_hash
from tamperlens.service._database import Database
from tamperlens.service._ledger import Actor, append
from tamperlens.service._removal import delete_rows, doom_unheld, sweep
from tamperlens.service._store import Store
from tamperlens.service._tables import Annotation, Case, Conclusion, Evidence, Note, Record, Review, Table

# Images of a case deleted in one transaction; few, so that others need not wait long.
_AT_ONCE = 50


def delete_images(session: Session, actor: Actor, images: Sequence[Evidence], reason: str) -> list[str]:
    """Delete evidence and everything written about it; returns hashes of the files to be removed."""
    for one in images:
        told = {"reason": reason, **_what_goes(session, one)}
        append(session, actor, "image deleted", told, one.case_id, one.id)
    _delete(session, Evidence, [one.id for one in images])
    return doom_unheld(session, (one.sha256 for one in images))


def delete_case(
    database: Database, store: Store, actor: Actor, reason: str, find: Callable[[Session], Case]
) -> int:
    """Delete a case with all its images, some at a time; returns the number of images.

    Args:
        database: database of the installation.
        store: store of the installation.
        actor: who deletes it.
        reason: why it is deleted.
        find: returns the case if it may be deleted; called again in each transaction.
    """
    many = 0
    while True:
        with database.write() as session:
            case = find(session)
            which = sa.select(Evidence).where(Evidence.case_id == case.id).order_by(Evidence.id)
            images = session.scalars(which.limit(_AT_ONCE)).all()
            doomed = delete_images(session, actor, images, reason)
            many += len(images)
            if len(images) < _AT_ONCE:
                told = {"title": case.title, "reason": reason, "images": many}
                append(session, actor, "case deleted", told, case.id)
                _delete(session, Case, [case.id])
        sweep(database, store, doomed)
        if len(images) < _AT_ONCE:
            return many


def _delete(session: Session, table: type[Table], keys: Sequence[str]) -> None:
    rows = Table.metadata.tables[table.__tablename__]
    delete_rows(session, rows, rows.c.id.in_(keys))


def _what_goes(session: Session, one: Evidence) -> dict[str, Any]:
    """Names and hashes of the original, its last finding and mask, and of each text that somebody wrote."""
    examined = sa.select(Record.details).where(Record.evidence_id == one.id, Record.action == "examined")
    last = session.scalars(examined.order_by(Record.seq.desc()).limit(1)).first()
    made = json.loads(last) if last else {}
    same = sa.select(Evidence.id).where(Evidence.sha256 == one.sha256, Evidence.id != one.id)
    return {
        "name": one.name,
        "sha256": one.sha256,
        "finding": made.get("finding"),
        "mask": made.get("mask"),
        "texts": [text_hash(text) for text in _texts(session, one.id)],
        "bytes are elsewhere too": session.scalars(same.limit(1)).first() is not None,
    }


def _texts(session: Session, key: str) -> list[str]:
    """Notes, annotations, conclusions, reviews."""
    reviews = sa.select(Review.text).join(Conclusion, Conclusion.id == Review.conclusion_id)
    asked = (
        sa.select(Note.text).where(Note.evidence_id == key).order_by(Note.at, Note.id),
        sa.select(Annotation.text)
        .where(Annotation.evidence_id == key)
        .order_by(Annotation.at, Annotation.id),
        sa.select(Conclusion.text)
        .where(Conclusion.evidence_id == key)
        .order_by(Conclusion.at, Conclusion.id),
        reviews.where(Conclusion.evidence_id == key).order_by(Review.at, Review.id),
    )
    return [text for each in asked for text in session.scalars(each)]
