"""Deletion with a reason, holds that prevent it, and what is due by the retention rule."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from sqlalchemy.orm import Session

from tamperlens.service._removal import sweep
from tamperlens.service._tables import Case, Evidence, now
from tamperlens.service.cases import closed_cases, delete_case, delete_images, due_at, hold, hold_view, lift
from tamperlens.service.people import deletable_case, deletable_evidence, governed_case
from tamperlens.service.people.visitors import database, settings, signed_in, visitor
from tamperlens.service.schemas import bulk
from tamperlens.service.schemas import deletion as schemas
from tamperlens.service.web._pages import page
from tamperlens.service.web.routes._evidence import store

deletion = APIBlueprint("deletion", __name__, url_prefix="/api/v1", tag="Deletion")


@deletion.post("/evidence/<key:evidence_id>/deletion")
@signed_in(browser_only=True)
@deletion.input(schemas.ReasonIn)
@deletion.output(schemas.Deleted)
@deletion.doc(responses=[403, 404, 409, 410])
def delete_evidence(evidence_id: str, json_data: dict[str, str]) -> dict[str, int]:
    """Delete an image, its derived files and everything written about it; hashes and records stay."""
    who = visitor()
    with database().write() as session:
        one = deletable_evidence(session, who, evidence_id)
        doomed = delete_images(session, who.actor, [one], json_data["reason"])
    sweep(database(), store(), doomed)
    return {"images": 1}


@deletion.post("/cases/<key:case_id>/evidence/deletion")
@signed_in(browser_only=True)
@deletion.input(bulk.BulkDeletionIn)
@deletion.output(bulk.BulkDone)
@deletion.doc(responses=[403, 404, 409])
def delete_in_bulk(case_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Delete many images of a case for one reason; each is recorded separately."""
    who, keys = visitor(), dict.fromkeys(json_data["evidence"])
    with database().write() as session:
        case = deletable_case(session, who, case_id)
        chosen = sa.select(Evidence).where(Evidence.case_id == case.id, Evidence.id.in_(keys))
        images = session.scalars(chosen.order_by(Evidence.id)).all()
        doomed = delete_images(session, who.actor, images, json_data["reason"])
    sweep(database(), store(), doomed)
    left = keys.keys() - {one.id for one in images}
    return {
        "done": len(images),
        "skipped": [{"id": key, "why": "is not in this case"} for key in sorted(left)],
    }


@deletion.post("/cases/<key:case_id>/deletion")
@signed_in(browser_only=True)
@deletion.input(schemas.ReasonIn)
@deletion.output(schemas.Deleted)
@deletion.doc(responses=[403, 404, 409])
def delete_whole_case(case_id: str, json_data: dict[str, str]) -> dict[str, int]:
    """Delete a case with all its images; hashes and records stay."""
    who = visitor()
    find = partial(deletable_case, visitor=who, case_id=case_id)
    return {"images": delete_case(database(), store(), who.actor, json_data["reason"], find)}


@deletion.put("/cases/<key:case_id>/hold")
@signed_in(browser_only=True)
@deletion.input(schemas.HoldIn)
@deletion.output(schemas.Held)
@deletion.doc(responses=[403, 404, 409])
def hold_case(case_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Put a case on hold, so that nothing in it can be deleted, or lift the hold; not an administrator's."""
    who, reason = visitor(), json_data["reason"]
    is_administrator = who.role == "administrator"
    with database().write() as session:
        case = governed_case(session, who, case_id)
        held = case.hold
        if json_data["held"] == (held is not None):
            abort(409, "this case is already on hold" if held else "this case is not on hold")
        if held is None:
            hold(session, who.actor, case, reason, is_administrator)
        elif held.by_administrator and not is_administrator:
            abort(403, "an administrator put this case on hold; only an administrator may lift that")
        else:
            lift(session, who.actor, case, held, reason)
        session.flush()
        session.refresh(case)
        return {"hold": hold_view(case.hold)}


@deletion.get("/retention")
@signed_in("administrator", browser_only=True)
@deletion.input(schemas.RetentionQuery, location="query")
@deletion.output(schemas.ClosedCasePage)
def list_closed(query_data: dict[str, Any]) -> dict[str, Any]:
    """Closed cases, the longest closed first, and which are due; nothing is deleted automatically."""
    days = settings().retention_days
    listed = closed_cases(days, query_data["due"])
    with database().read() as session:
        return {**page(session, listed, query_data, partial(_views, session, days)), "days": days}


def _views(session: Session, days: int, found: Sequence[Case]) -> list[dict[str, Any]]:
    counted = sa.select(Evidence.case_id, sa.func.count()).group_by(Evidence.case_id)
    rows = session.execute(counted.where(Evidence.case_id.in_([case.id for case in found])))
    images: dict[str, int] = {row[0]: row[1] for row in rows}
    return [_view(case, days, images.get(case.id, 0)) for case in found]


def _view(case: Case, days: int, images: int) -> dict[str, Any]:
    due = due_at(case, days)
    told = {name: getattr(case, name) for name in ("id", "title", "closed_at")}
    is_due = due is not None and due <= now() and case.hold is None
    own = {"owner": case.owner.name, "due_at": due, "due": is_due, "images": images}
    return {**told, **own, "hold": hold_view(case.hold)}
