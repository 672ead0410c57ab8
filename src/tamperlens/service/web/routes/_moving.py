"""Moves images to another case with everything that belongs to them; recorded in both cases."""

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort

from tamperlens.service._tables import Evidence
from tamperlens.service.cases import evidence_views, move_image
from tamperlens.service.people import evidence_for, receiving_case
from tamperlens.service.people.visitors import database, signed_in, visitor
from tamperlens.service.schemas import bulk as schemas
from tamperlens.service.schemas.evidence import Evidence as EvidenceView

moving = APIBlueprint("moving", __name__, url_prefix="/api/v1", tag="Evidence")


@moving.post("/evidence/<key:evidence_id>/move")
@signed_in(browser_only=True)
@moving.input(schemas.MoveIn)
@moving.output(EvidenceView)
@moving.doc(responses=[403, 404, 409, 410])
def move_evidence(evidence_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Move an image from your case to one that you may write to; it keeps its address."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id)
        to = receiving_case(session, who, one.case_id, json_data["case_id"])
        if why := move_image(session, who.actor, one, to, json_data["reason"]):
            abort(409, f"this image {why}")
        return evidence_views(session, who, [one])[0]


@moving.post("/cases/<key:case_id>/evidence/move")
@signed_in(browser_only=True)
@moving.input(schemas.BulkMoveIn)
@moving.output(schemas.BulkDone)
@moving.doc(responses=[403, 404, 409])
def move_in_bulk(case_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Move many images of your case; each is recorded separately, and skipped ones get a reason."""
    who, keys = visitor(), list(dict.fromkeys(json_data["evidence"]))
    skipped: list[dict[str, str]] = []
    with database().write() as session:
        to = receiving_case(session, who, case_id, json_data["case_id"])
        chosen = sa.select(Evidence).where(Evidence.case_id == case_id, Evidence.id.in_(keys))
        found = {one.id: one for one in session.scalars(chosen)}
        for key in keys:
            why = "is not in this case"
            if key in found:
                why = move_image(session, who.actor, found[key], to, json_data["reason"]) or ""
            if why:
                skipped.append({"id": key, "why": why})
    return {"done": len(keys) - len(skipped), "skipped": skipped}
