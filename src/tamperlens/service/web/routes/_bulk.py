"""One action on many images of a case; each is recorded separately, and skipped ones get a reason."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._fingerprints import find_original
from tamperlens.service._ledger import append
from tamperlens.service._tables import Evidence, Tag, new_key, now
from tamperlens.service.cases import evidence_table, evidence_views, own_conclusion
from tamperlens.service.jobs import jobs
from tamperlens.service.people import MAY_WRITE, case_for
from tamperlens.service.people.visitors import Visitor, database, signed_in, visitor
from tamperlens.service.schemas import bulk as schemas
from tamperlens.service.schemas.evidence import EvidenceSieve
from tamperlens.service.web._disposition import disposition
from tamperlens.service.web.routes._conclusions import record_conclusion
from tamperlens.service.web.routes._evidence import order_of, queue, sifted

bulk = APIBlueprint("bulk", __name__, url_prefix="/api/v1/cases", tag="Evidence")

_QUEUED = "queued"
_TABLE: Any = {
    200: {"description": "one row per image, in UTF-8 with a byte-order mark", "content": {"text/csv": {}}},
    404: "not yours",
}
# Most images in one database query.
_AT_ONCE = 500
# Acts on one image; returns None, or a sentence that says why it was skipped.
Action = Callable[[Session, Visitor, Evidence, dict[str, Any]], str | None]


@bulk.get("/<key:case_id>/evidence/keys")
@signed_in()
@bulk.input(EvidenceSieve, location="query")
@bulk.output(schemas.Keys)
@bulk.doc(responses=[404])
def list_keys(case_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """Identifiers of all evidence in a list, to select all of it."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
        conditions = sifted(session, case_id, query_data)
        listed = sa.select(Evidence.id).outerjoin(Evidence.finding).where(*conditions)
        return {"keys": list(session.scalars(listed.order_by(*order_of(query_data))))}


@bulk.post("/<key:case_id>/evidence/bulk")
@signed_in()
@bulk.input(schemas.BulkIn)
@bulk.output(schemas.BulkDone)
@bulk.doc(responses=[403, 404, 409])
def do_in_bulk(case_id: str, json_data: dict[str, Any]) -> dict[str, Any]:
    """Examine again, cancel, conclude, tag, untag, or copy to another case."""
    who, act, keys = visitor(), _ACTIONS[json_data["action"]], json_data["evidence"]
    skipped: list[dict[str, str]] = []
    with database().write() as session:
        case_for(session, who, case_id, MAY_WRITE, open_only=True)
        if json_data["action"] == "copy":
            case_for(session, who, json_data["case_id"], MAY_WRITE, open_only=True)
        chosen = sa.select(Evidence).where(Evidence.case_id == case_id, Evidence.id.in_(keys))
        found = {one.id: one for one in session.scalars(chosen)}
        for key in dict.fromkeys(keys):
            why = act(session, who, found[key], json_data) if key in found else "is not in this case"
            if why:
                skipped.append({"id": key, "why": why})
        waiting: list[str] = session.info.get(_QUEUED, [])
    for key in waiting:
        queue().send(key)
    return {"done": len(set(keys)) - len(skipped), "skipped": skipped}


@bulk.post("/<key:case_id>/evidence/table")
@signed_in()
@bulk.input(schemas.TableIn)
@bulk.doc(responses=_TABLE)
def export_table(case_id: str, json_data: dict[str, list[str]]) -> Response:
    """The chosen images as a table for spreadsheets; this is recorded."""
    who, keys = visitor(), list(dict.fromkeys(json_data["evidence"]))
    views: dict[str, dict[str, Any]] = {}
    with database().write() as session:
        case_for(session, who, case_id)
        for first in range(0, len(keys), _AT_ONCE):
            part = Evidence.id.in_(keys[first : first + _AT_ONCE])
            found = session.scalars(sa.select(Evidence).where(Evidence.case_id == case_id, part)).all()
            views |= {view["id"]: view for view in evidence_views(session, who, found)}
        append(session, who.actor, "exported", {"file": "table", "images": len(views)}, case_id)
    text = "\ufeff" + evidence_table([views[key] for key in keys if key in views])
    answer = Response(text, mimetype="text/csv")
    answer.headers["Content-Disposition"] = disposition(f"case-{case_id}.csv", download=True)
    return answer


def _will_be_examined(session: Session, key: str) -> None:
    """Send it to the workers once the transaction is committed."""
    session.info.setdefault(_QUEUED, []).append(key)


def _examine(session: Session, who: Visitor, one: Evidence, _given: dict[str, Any]) -> str | None:
    if not jobs.retry(session, one.id):
        return f"is already {one.state}"
    append(session, who.actor, "queued again", {}, one.case_id, one.id)
    _will_be_examined(session, one.id)
    return None


def _cancel(session: Session, who: Visitor, one: Evidence, _given: dict[str, Any]) -> str | None:
    if not jobs.cancel(session, one.id):
        return f"is {one.state}; there is nothing to cancel"
    append(session, who.actor, "cancelled", {}, one.case_id, one.id)
    return None


def _conclude(session: Session, who: Visitor, one: Evidence, given: dict[str, Any]) -> str | None:
    """Record only a first conclusion: to replace one, its author must look at the image."""
    if own_conclusion(session, one.id, who.name):
        return "already has a conclusion of yours; open it to change it"
    record_conclusion(session, who, one, given["outcome"], given["text"])
    return None


def _tag(session: Session, who: Visitor, one: Evidence, given: dict[str, Any]) -> str | None:
    if session.get(Tag, (one.id, given["tag"])):
        return "already has this tag"
    session.add(Tag(evidence_id=one.id, name=given["tag"]))
    append(session, who.actor, "tagged", {"tag": given["tag"]}, one.case_id, one.id)
    return None


def _untag(session: Session, who: Visitor, one: Evidence, given: dict[str, Any]) -> str | None:
    tag = session.get(Tag, (one.id, given["tag"]))
    if tag is None:
        return "does not have this tag"
    session.delete(tag)
    append(session, who.actor, "tag removed", {"tag": given["tag"]}, one.case_id, one.id)
    return None


def _copy(session: Session, who: Visitor, one: Evidence, given: dict[str, Any]) -> str | None:
    """Add the same bytes to another case; what people wrote about them stays in this one."""
    case_id, same = given["case_id"], (Evidence.sha256 == one.sha256, Evidence.name == one.name)
    if session.scalar(sa.select(Evidence.id).where(Evidence.case_id == case_id, *same).limit(1)):
        return "is already in that case"
    copied = Evidence(id=new_key(), case_id=case_id, name=one.name, sha256=one.sha256, uploaded_by=who.name)
    if known := find_original(session, one.picture):
        copied.original, copied.original_distance = known
    session.add(copied)
    session.flush()
    copied.case.active_at = now()
    details = {"name": one.name, "sha256": one.sha256, "bytes": one.picture.bytes, "copied from": one.id}
    append(session, who.actor, "uploaded", details, case_id, copied.id)
    _will_be_examined(session, copied.id)
    return None


_ACTIONS: dict[str, Action] = {
    "examine": _examine,
    "cancel": _cancel,
    "conclude": _conclude,
    "tag": _tag,
    "untag": _untag,
    "copy": _copy,
}
