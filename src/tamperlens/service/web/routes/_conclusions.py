"""Examiners' conclusions, peer review, and drafts of what is not yet recorded."""

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.custody import text_hash
from tamperlens.service._ledger import append
from tamperlens.service._tables import Conclusion, Draft, Evidence, Review, new_key, now
from tamperlens.service.cases import (
    conclusions_view,
    draft_view,
    forget_draft,
    own_conclusion,
    review_view,
    standing_conclusions,
)
from tamperlens.service.people import MAY_WRITE, evidence_for
from tamperlens.service.people.visitors import Visitor, database, signed_in, visitor
from tamperlens.service.schemas import conclusions as schemas
from tamperlens.service.web._preconditions import etag, refuse_unseen

conclusions = APIBlueprint("conclusions", __name__, url_prefix="/api/v1/evidence", tag="Conclusions")


@conclusions.get("/<key:evidence_id>/conclusions")
@signed_in()
@conclusions.output(schemas.Conclusions)
@conclusions.doc(responses=[404])
def list_conclusions(evidence_id: str) -> dict[str, Any]:
    """All examiners' conclusions, with reviews and history."""
    with database().read() as session:
        one = evidence_for(session, visitor(), evidence_id)
        return conclusions_view(standing_conclusions(session, [one.id])[one.id])


@conclusions.put("/<key:evidence_id>/conclusion")
@signed_in()
@conclusions.input(schemas.Seen, location="headers")
@conclusions.input(schemas.ConclusionIn)
@conclusions.output(schemas.StandingConclusion)
@conclusions.doc(responses=[403, 404, 412, 428])
def conclude(evidence_id: str, headers_data: dict[str, str], json_data: dict[str, str]) -> Any:  # noqa: ANN401, ARG001
    """Set your own conclusion; earlier ones stay in the history, and those of others do not change."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id, MAY_WRITE)
        before = own_conclusion(session, one.id, who.name)
        refuse_unseen(before.id if before else None, "your conclusion")
        said = record_conclusion(session, who, one, **json_data)
        session.flush()
        views = conclusions_view(standing_conclusions(session, [one.id])[one.id])["items"]
        return next(view for view in views if view["id"] == said.id), 200, etag(said.id)


def record_conclusion(session: Session, who: Visitor, one: Evidence, outcome: str, text: str) -> Conclusion:
    """Record an examiner's conclusion, and delete its draft."""
    said = Conclusion(id=new_key(), evidence_id=one.id, by=who.name, outcome=outcome, text=text)
    # The ledger first: it is locked from here on, so that rows are in the same order as their records.
    details = {"outcome": outcome, "conclusion": said.id, "sha256": text_hash(text)}
    append(session, who.actor, "concluded", details, one.case_id, one.id)
    session.add(said)
    forget_draft(session, one.id, who.id, "conclusion")
    return said


@conclusions.post("/<key:evidence_id>/conclusions/<key:conclusion_id>/reviews")
@signed_in()
@conclusions.input(schemas.ReviewIn)
@conclusions.output(schemas.Review, status_code=201)
@conclusions.doc(responses=[403, 404, 409, 412])
def review(evidence_id: str, conclusion_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Agree with another examiner's conclusion, disagree with a reason, or sign it off."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id, MAY_WRITE)
        reviewed = session.get(Conclusion, conclusion_id)
        if reviewed is None or reviewed.evidence_id != one.id:
            abort(404, "there is no such conclusion about this evidence")
        if reviewed.by == who.name:
            abort(409, "this conclusion is your own; somebody else must review it")
        standing = own_conclusion(session, one.id, reviewed.by)
        if standing is not None and standing.id != reviewed.id:
            abort(
                412, f"{reviewed.by} has recorded a new conclusion since you read this; read it again first"
            )
        said = Review(id=new_key(), conclusion_id=reviewed.id, by=who.name, **json_data)
        told = {"verdict": said.verdict, "conclusion": reviewed.id, "of": reviewed.by}
        details = {**told, "sha256": text_hash(said.text)}
        append(session, who.actor, "reviewed", details, one.case_id, one.id)
        session.add(said)
        forget_draft(session, one.id, who.id, f"review-{reviewed.id}")
        session.flush()
        return review_view(said)


@conclusions.get("/<key:evidence_id>/drafts")
@signed_in()
@conclusions.output(schemas.Drafts)
@conclusions.doc(responses=[404])
def list_drafts(evidence_id: str) -> dict[str, Any]:
    """What you have begun to write about this evidence but not recorded yet."""
    who = visitor()
    with database().read() as session:
        evidence_for(session, who, evidence_id)
        own = sa.select(Draft).where(Draft.evidence_id == evidence_id, Draft.user_id == who.id)
        return {"items": [draft_view(one) for one in session.scalars(own.order_by(Draft.subject))]}


@conclusions.put("/<key:evidence_id>/drafts/<draft:subject>")
@signed_in()
@conclusions.input(schemas.DraftIn)
@conclusions.output(schemas.Draft)
@conclusions.doc(responses=[403, 404])
def keep_draft(evidence_id: str, subject: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Save a draft; it replaces the earlier one, and is deleted when its text is recorded."""
    who = visitor()
    with database().write() as session:
        evidence_for(session, who, evidence_id, MAY_WRITE)
        kept = session.merge(
            Draft(evidence_id=evidence_id, user_id=who.id, subject=subject, at=now(), **json_data)
        )
        session.flush()
        return draft_view(kept)


@conclusions.delete("/<key:evidence_id>/drafts/<draft:subject>")
@signed_in()
@conclusions.output({}, status_code=204)
@conclusions.doc(responses=[404])
def drop_draft(evidence_id: str, subject: str) -> Response:
    """Delete a draft."""
    who = visitor()
    with database().write() as session:
        evidence_for(session, who, evidence_id)
        forget_draft(session, evidence_id, who.id, subject)
    return Response(status=204)
