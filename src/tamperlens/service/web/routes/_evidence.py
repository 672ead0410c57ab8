"""Evidence: upload, state, finding, notes, retry and cancel."""

from typing import Any, cast

import msgspec
import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import current_app
from sqlalchemy.orm import Session

from tamperlens.custody import text_hash
from tamperlens.examine import FindingDocument
from tamperlens.report import PRIORITIES, report_view, to_plain
from tamperlens.service._ledger import append, record_view
from tamperlens.service._store import Store
from tamperlens.service._tables import Evidence, Finding, Note, Record, new_key
from tamperlens.service.cases import (
    evidence_views,
    evidence_with,
    forget_draft,
    near_duplicate_views,
    note_view,
    with_near_duplicates,
)
from tamperlens.service.jobs import FINDING, Queue, jobs, read_finding, read_view
from tamperlens.service.people import MAY_WRITE, case_for, evidence_for
from tamperlens.service.people.visitors import database, signed_in, visitor
from tamperlens.service.schemas import cases as case_schemas
from tamperlens.service.schemas import evidence as schemas
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.schemas.finding import VIEWED, FindingView, MapPicture
from tamperlens.service.web._pages import each, page

evidence = APIBlueprint("evidence", __name__, url_prefix="/api/v1", tag="Evidence")

_ORDERS: dict[str, Any] = {
    "uploaded": Evidence.uploaded_at.desc(),
    "name": Evidence.folded,
    "priority": sa.case(
        {name: place for place, name in enumerate(PRIORITIES)}, value=Finding.priority, else_=len(PRIORITIES)
    ),
    "score": sa.nulls_last(Finding.score.desc()),
}


def store() -> Store:
    """The application's store."""
    return cast("Store", current_app.extensions["tamperlens.store"])


def queue() -> Queue:
    """The application's queue."""
    return cast("Queue", current_app.extensions["tamperlens.queue"])


@evidence.get("/cases/<key:case_id>/evidence")
@signed_in()
@evidence.input(schemas.EvidenceQuery, location="query")
@evidence.output(schemas.EvidencePage)
@evidence.doc(responses=[404])
def list_evidence(case_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """The evidence of a case."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
        conditions = sifted(session, case_id, query_data)
        statement = sa.select(Evidence).outerjoin(Evidence.finding).where(*conditions)
        statement = statement.order_by(*order_of(query_data))
        return page(session, statement, query_data, lambda found: evidence_views(session, visitor(), found))


def sifted(session: Session, case_id: str, query: dict[str, Any]) -> list[sa.ColumnElement[bool]]:
    """Conditions on evidence and finding for a visitor's list."""
    conditions = [Evidence.case_id == case_id, evidence_with(query["search"])]
    if "state" in query:
        conditions.append(Evidence.state == query["state"])
    if "outcome" in query:
        conditions.append(Finding.outcome == query["outcome"])
    if query["near_duplicates"]:
        conditions.append(with_near_duplicates(session, visitor(), case_id))
    return conditions


def order_of(query: dict[str, Any]) -> tuple[Any, ...]:
    """The order of a list."""
    return _ORDERS[query["sort"]], Evidence.id


@evidence.get("/evidence/<key:evidence_id>/neighbours")
@signed_in()
@evidence.input(schemas.EvidenceSieve, location="query")
@evidence.output(schemas.Neighbours)
@evidence.doc(responses=[404])
def neighbours(evidence_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """The previous and the next piece of evidence in a list of its case."""
    with database().read() as session:
        case_id = evidence_for(session, visitor(), evidence_id).case_id
        order = order_of(query_data)
        listed = (
            sa.select(
                Evidence.id,
                sa.func.lag(Evidence.id).over(order_by=order).label("previous"),
                sa.func.lead(Evidence.id).over(order_by=order).label("next"),
                sa.func.row_number().over(order_by=order).label("position"),
                sa.func.count().over().label("total"),
            )
            .outerjoin(Evidence.finding)
            .where(*sifted(session, case_id, query_data))
            .subquery()
        )
        names = ("previous", "next", "position", "total")
        row = session.execute(sa.select(listed).where(listed.c.id == evidence_id)).mappings().one_or_none()
        return {name: row[name] if row else None for name in names}


@evidence.get("/evidence/<key:evidence_id>")
@signed_in()
@evidence.output(schemas.Evidence)
@evidence.doc(responses=[404])
def show_evidence(evidence_id: str) -> dict[str, Any]:
    """One piece of evidence, and the progress of its examination."""
    who = visitor()
    with database().read() as session:
        return evidence_views(session, who, [evidence_for(session, who, evidence_id)])[0]


@evidence.get("/evidence/<key:evidence_id>/near-duplicates")
@signed_in()
@evidence.output(schemas.NearDuplicates)
@evidence.doc(responses=[404])
def list_near_duplicates(evidence_id: str) -> dict[str, Any]:
    """Other images that you may see with the same bytes or that look alike; the nearest first."""
    who = visitor()
    with database().read() as session:
        one = evidence_for(session, who, evidence_id)
        return {"items": near_duplicate_views(session, who, one)}


@evidence.get("/evidence/<key:evidence_id>/finding")
@signed_in()
@evidence.doc(responses={**VIEWED, 404: "not yours, or not there", 409: "there is no finding to show"})
def show_finding(evidence_id: str) -> dict[str, Any]:
    """What was found, and where its maps and reports are; viewing is recorded."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id)
        refuse_unmade(one)
        append(session, who.actor, "viewed", {"sha256": one.sha256}, one.case_id, one.id)
    return finding_view(one)


@evidence.get("/evidence/<key:evidence_id>/notes")
@signed_in()
@evidence.input(PageIn, location="query")
@evidence.output(schemas.NotePage)
@evidence.doc(responses=[404])
def list_notes(evidence_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """The notes, the earliest first."""
    with database().read() as session:
        evidence_for(session, visitor(), evidence_id)
        statement = sa.select(Note).where(Note.evidence_id == evidence_id).order_by(Note.at, Note.id)
        return page(session, statement, query_data, each(note_view))


@evidence.post("/evidence/<key:evidence_id>/notes")
@signed_in()
@evidence.input(schemas.NoteIn)
@evidence.output(schemas.Note, status_code=201)
@evidence.doc(responses=[403, 404])
def add_note(evidence_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Add a note; it cannot be changed afterwards."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id, MAY_WRITE)
        note = Note(id=new_key(), evidence_id=one.id, text=json_data["text"], by=who.name)
        details = {"note": note.id, "sha256": text_hash(note.text)}
        append(session, who.actor, "noted", details, one.case_id, one.id)
        session.add(note)
        forget_draft(session, one.id, who.id, "note")
        session.flush()
        return note_view(note)


@evidence.post("/evidence/<key:evidence_id>/cancel")
@signed_in()
@evidence.output(schemas.Evidence)
@evidence.doc(responses=[403, 404, 409])
def cancel_examination(evidence_id: str) -> dict[str, Any]:
    """Stop an examination that is waiting or running."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id, MAY_WRITE)
        if not jobs.cancel(session, one.id):
            abort(409, f"this examination is {one.state}; there is nothing to cancel")
        append(session, who.actor, "cancelled", {}, one.case_id, one.id)
        session.refresh(one)
        return evidence_views(session, who, [one])[0]


@evidence.post("/evidence/<key:evidence_id>/retry")
@signed_in()
@evidence.output(schemas.Evidence)
@evidence.doc(responses=[403, 404, 409])
def retry_examination(evidence_id: str) -> dict[str, Any]:
    """Examine again; with the same versions, the existing finding is reused."""
    who = visitor()
    with database().write() as session:
        one = evidence_for(session, who, evidence_id, MAY_WRITE)
        if not jobs.retry(session, one.id):
            abort(409, f"this examination is already {one.state}")
        append(session, who.actor, "queued again", {}, one.case_id, one.id)
        session.refresh(one)
        view = evidence_views(session, who, [one])[0]
    queue().send(one.id)
    return view


@evidence.get("/evidence/<key:evidence_id>/history")
@signed_in()
@evidence.input(PageIn, location="query")
@evidence.output(case_schemas.RecordPage)
@evidence.doc(responses=[404])
def evidence_history(evidence_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """The ledger's records about this evidence, the latest first."""
    with database().read() as session:
        evidence_for(session, visitor(), evidence_id)
        statement = sa.select(Record).where(Record.evidence_id == evidence_id).order_by(Record.seq.desc())
        return page(session, statement, query_data, each(record_view))


def refuse_unmade(one: Evidence) -> None:
    """Abort with 409 if there is no finding to show, or its files are missing."""
    if one.state != "done":
        abort(409, f"this evidence is {one.state}; there is no finding yet")
    if not (store().made(one.sha256, one.versions or "") / FINDING).is_file():
        abort(409, "the files of this finding are gone; examine the evidence again")


def finding_view(one: Evidence) -> dict[str, Any]:
    """The finding under the name of this evidence, as data and in words."""
    try:
        finding = msgspec.convert(named_finding(one), FindingDocument)
    except msgspec.ValidationError:
        abort(409, "an earlier version of Tamperlens examined this; add the image again")
    made, view, at = read_view(store(), one), report_view(finding), f"/api/v1/evidence/{one.id}"
    maps = tuple(
        MapPicture(**msgspec.structs.asdict(layer), url=f"{at}/maps/{layer.name}", width=width, height=height)
        for layer in view.layers
        for width, height in [made.maps[layer.name]]
    )
    reports = {kind: f"{at}/report.{kind}" for kind in made.reports}
    outline = tuple(map(tuple, made.outline))
    return to_plain(FindingView(says=view, finding=finding, maps=maps, outline=outline, reports=reports))


def named_finding(one: Evidence) -> dict[str, Any]:
    """The finding's JSON from the application's store."""
    return read_finding(store(), one)
