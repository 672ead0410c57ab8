"""Regions that examiners draw on an image; everyone sees them, and authors can change and remove theirs."""

from typing import Any

from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._ledger import append
from tamperlens.service._tables import Annotation, Evidence, new_key, now
from tamperlens.service.cases import (
    annotation_details,
    annotation_version,
    annotation_view,
    annotations_of,
    forget_draft,
)
from tamperlens.service.people import MAY_WRITE, evidence_for
from tamperlens.service.people.visitors import Visitor, database, signed_in, visitor
from tamperlens.service.schemas import annotations as schemas
from tamperlens.service.schemas.conclusions import Seen
from tamperlens.service.web._preconditions import etag, refuse_unseen

annotations = APIBlueprint("annotations", __name__, url_prefix="/api/v1/evidence", tag="Annotations")

_MOST = 500


@annotations.get("/<key:evidence_id>/annotations")
@signed_in()
@annotations.output(schemas.Annotations)
@annotations.doc(responses=[404])
def list_annotations(evidence_id: str) -> dict[str, Any]:
    """What all examiners drew on the image."""
    with database().read() as session:
        evidence_for(session, visitor(), evidence_id)
        return {"items": [annotation_view(one) for one in annotations_of(session, evidence_id)]}


@annotations.post("/<key:evidence_id>/annotations")
@signed_in()
@annotations.input(schemas.AnnotationIn)
@annotations.output(schemas.Annotation, status_code=201)
@annotations.doc(responses=[403, 404, 409])
def annotate(evidence_id: str, json_data: dict[str, Any]) -> Any:  # noqa: ANN401
    """Draw a region on the image, with a comment."""
    who = visitor()
    with database().write() as session:
        about = evidence_for(session, who, evidence_id, MAY_WRITE)
        _refuse_outside(about, json_data["points"])
        if len(annotations_of(session, about.id)) >= _MOST:
            abort(409, f"an image can have at most {_MOST} annotations; remove some first")
        one = Annotation(id=new_key(), evidence_id=about.id, by=who.name, **json_data)
        append(session, who.actor, "annotated", annotation_details(one), about.case_id, about.id)
        session.add(one)
        forget_draft(session, about.id, who.id, "annotation")
        session.flush()
        return annotation_view(one), 201, etag(annotation_version(one))


@annotations.put("/<key:evidence_id>/annotations/<key:annotation_id>")
@signed_in()
@annotations.input(Seen, location="headers")
@annotations.input(schemas.AnnotationIn)
@annotations.output(schemas.Annotation)
@annotations.doc(responses=[403, 404, 409, 412, 428])
def change_annotation(
    evidence_id: str,
    annotation_id: str,
    headers_data: dict[str, str],  # noqa: ARG001
    json_data: dict[str, Any],
) -> Any:  # noqa: ANN401
    """Change a region that you drew, or its comment; the ledger records the hash of the comment."""
    who = visitor()
    with database().write() as session:
        about = evidence_for(session, who, evidence_id, MAY_WRITE)
        one = _own(session, who, about, annotation_id)
        _refuse_outside(about, json_data["points"])
        for name, value in json_data.items():
            setattr(one, name, value)
        one.changed_at = now()
        append(session, who.actor, "annotation changed", annotation_details(one), about.case_id, about.id)
        forget_draft(session, about.id, who.id, f"annotation-{one.id}")
        session.flush()
        return annotation_view(one), 200, etag(annotation_version(one))


@annotations.delete("/<key:evidence_id>/annotations/<key:annotation_id>")
@signed_in()
@annotations.input(Seen, location="headers")
@annotations.output({}, status_code=204)
@annotations.doc(responses=[403, 404, 412, 428])
def remove_annotation(evidence_id: str, annotation_id: str, headers_data: dict[str, str]) -> Response:  # noqa: ARG001
    """Remove a region that you drew; the ledger keeps its place and the hash of its comment."""
    who = visitor()
    with database().write() as session:
        about = evidence_for(session, who, evidence_id, MAY_WRITE)
        one = _own(session, who, about, annotation_id)
        append(session, who.actor, "annotation removed", {"annotation": one.id}, about.case_id, about.id)
        session.delete(one)
        forget_draft(session, about.id, who.id, f"annotation-{one.id}")
    return Response(status=204)


def _own(session: Session, who: Visitor, about: Evidence, annotation_id: str) -> Annotation:
    """One's own annotation, if one has seen its current state; aborts otherwise."""
    one = session.get(Annotation, annotation_id)
    if one is None or one.evidence_id != about.id:
        abort(404, "there is no such annotation on this image; it may have been removed")
    if one.by != who.name:
        abort(403, f"only {one.by}, who drew this, may change or remove it")
    refuse_unseen(annotation_version(one), "this annotation")
    return one


def _refuse_outside(about: Evidence, points: list[list[int]]) -> None:
    """Refuse regions that reach beyond the image; its edges, 0 and width or height, are allowed."""
    width, height = about.picture.width, about.picture.height
    if width is None or height is None:
        abort(409, "this image is not decoded, so nothing can be drawn on it")
    if any(x > width or y > height for x, y in points):
        abort(422, f"the region reaches beyond the image, which has {width} × {height} pixels")
