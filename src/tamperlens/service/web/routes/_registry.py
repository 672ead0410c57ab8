"""The registry of originals: fingerprints of images that somebody registered as authentic."""

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._fingerprints import match_known
from tamperlens.service._ledger import append
from tamperlens.service._tables import Evidence, Original
from tamperlens.service.cases import match_view
from tamperlens.service.people import evidence_for, visible_to
from tamperlens.service.people.visitors import Visitor, database, signed_in, visitor
from tamperlens.service.schemas import evidence as schemas
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.web._pages import each, page

registry = APIBlueprint("registry", __name__, url_prefix="/api/v1", tag="Registry of originals")


@registry.get("/registry")
@signed_in()
@registry.input(PageIn, location="query")
@registry.output(schemas.OriginalPage)
def list_originals(query_data: dict[str, Any]) -> dict[str, Any]:
    """All registered originals, the latest first."""
    statement = sa.select(Original).order_by(Original.registered_at.desc(), Original.id)
    with database().read() as session:
        return page(session, statement, query_data, each(_view))


@registry.post("/registry")
@signed_in("administrator", "examiner")
@registry.input(schemas.OriginalIn)
@registry.output(schemas.Original, status_code=201)
@registry.doc(responses=[404, 409])
def register_original(json_data: dict[str, str]) -> dict[str, Any]:
    """Register evidence as authentic, or the fingerprints of a file that is not here."""
    who = visitor()
    with database().write() as session:
        sha256, perceptual = _fingerprints(session, json_data)
        if session.scalars(sa.select(Original).where(Original.sha256 == sha256)).first():
            abort(409, "these bytes are already registered")
        original = Original(
            label=json_data["label"], sha256=sha256, perceptual=perceptual, registered_by=who.name
        )
        session.add(original)
        session.flush()
        match_known(session, original)
        append(session, who.actor, "original registered", {**_prints(original), "label": original.label})
        return _view(original)


@registry.get("/evidence/<key:evidence_id>/match")
@signed_in()
@registry.output(schemas.MatchedOriginal)
@registry.doc(responses=[404])
def matched_original(evidence_id: str) -> dict[str, Any]:
    """The registered original that evidence equals or looks like, and where to see its image."""
    who = visitor()
    with database().read() as session:
        one = evidence_for(session, who, evidence_id)
        match = match_view(one.original, one.original_distance, one.sha256)
        if match is None or one.original is None:
            abort(404, "this evidence matches no registered original")
        return {**match, "evidence_id": _image_of(session, who, one.original, one)}


def _image_of(session: Session, who: Visitor, original: Original, beside: Evidence) -> str | None:
    """Other evidence with an original's bytes, preferably from the same case."""
    same = sa.select(Evidence.id).join(Evidence.case).where(Evidence.sha256 == original.sha256)
    mine = same.where(visible_to(who), Evidence.id != beside.id)
    near = sa.case((Evidence.case_id == beside.case_id, 0), else_=1)
    return session.scalars(mine.order_by(near, Evidence.uploaded_at, Evidence.id).limit(1)).first()


@registry.delete("/registry/<key:original_id>")
@signed_in("administrator")
@registry.output({}, status_code=204)
@registry.doc(responses=[404])
def remove_original(original_id: str) -> Response:
    """Remove fingerprints from the registry; the ledger keeps the fact that they were there."""
    who = visitor()
    with database().write() as session:
        original = session.get(Original, original_id)
        if original is None:
            abort(404, "no such original is registered")
        matched = sa.update(Evidence).where(Evidence.original_id == original_id)
        session.execute(matched.values(original_id=None, original_distance=None))
        append(session, who.actor, "original removed", {**_prints(original), "label": original.label})
        session.delete(original)
    return Response(status=204)


def _fingerprints(session: Session, given: dict[str, str]) -> tuple[str, str | None]:
    if "evidence_id" in given:
        evidence = evidence_for(session, visitor(), given["evidence_id"])
        return evidence.sha256, evidence.picture.perceptual
    if "sha256" not in given:
        abort(422, "give either 'evidence_id', or 'sha256' and 'perceptual'")
    return given["sha256"], given.get("perceptual")


def _prints(original: Original) -> dict[str, Any]:
    return {"sha256": original.sha256, "perceptual": original.perceptual}


def _view(original: Original) -> dict[str, Any]:
    shown = ("id", "label", "sha256", "perceptual", "registered_by", "registered_at")
    return {name: getattr(original, name) for name in shown}
