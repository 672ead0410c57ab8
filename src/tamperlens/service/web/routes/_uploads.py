"""Uploads: one file or several; each is stored unchanged and queued for examination."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from apiflask import APIBlueprint, abort
from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from tamperlens.evidence import EXTENSIONS, printable, sniff
from tamperlens.service._fingerprints import find_original
from tamperlens.service._ledger import append
from tamperlens.service._store import Stored
from tamperlens.service._tables import Evidence, Picture, now
from tamperlens.service.cases import evidence_views
from tamperlens.service.people import MAY_WRITE, case_for
from tamperlens.service.people.visitors import database, settings, signed_in, visitor
from tamperlens.service.schemas import evidence as schemas
from tamperlens.service.web import _idempotency as idempotency
from tamperlens.service.web import _limits as limits
from tamperlens.service.web.routes._evidence import queue, store

uploads = APIBlueprint("uploads", __name__, url_prefix="/api/v1", tag="Evidence")


def _admitted(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse people who may not upload, before their file is read."""

    @wraps(view)
    def guarded(case_id: str, **named: Any) -> Any:  # noqa: ANN401 - the view's own arguments
        who = visitor()
        with database().read() as session:
            case_for(session, who, case_id, MAY_WRITE, open_only=True)
        limits.count(database(), settings(), "uploads, one user", who.id)
        return idempotency.answered(database(), _sent) or view(case_id, **named)

    return guarded


def _sent() -> bytes:
    """What distinguishes an upload: name and content of each file, but not the form's random boundaries."""
    digest = hashlib.sha256()
    for file in (sent for name in request.files for sent in request.files.getlist(name)):
        content = hashlib.file_digest(cast("Any", file.stream), "sha256")
        digest.update(f"{file.filename}\n{content.hexdigest()}\n".encode())
        file.stream.seek(0)
    return digest.digest()


@uploads.post("/cases/<key:case_id>/evidence")
@signed_in()
@_admitted
@uploads.input(schemas.EvidenceIn, location="files")
@uploads.output(schemas.Evidence, status_code=201)
@uploads.doc(responses=[403, 404, 409, 413, 415, 429])
def upload_evidence(case_id: str, files_data: dict[str, FileStorage]) -> dict[str, Any]:
    """Add one file; it is stored unchanged, and queued for examination."""
    taken = _taken(case_id, files_data["file"])
    if isinstance(taken, str):
        abort(415, taken)
    return taken


@uploads.post("/cases/<key:case_id>/evidence/files")
@signed_in()
@_admitted
@uploads.input(schemas.EvidenceFilesIn, location="files")
@uploads.output(schemas.HandedIn)
@uploads.doc(responses=[403, 404, 409, 413, 429])
def upload_files(case_id: str, files_data: dict[str, list[FileStorage]]) -> dict[str, Any]:
    """Add several files at once; those that are not images are reported, and the others are added."""
    files = files_data["files"]
    for _ in files[1:]:
        limits.count(database(), settings(), "uploads, one user", visitor().id)
    items = []
    for file in files:
        taken = _taken(case_id, file)
        is_view = isinstance(taken, dict)
        problem = None if is_view else taken
        items.append({"name": _name(file), "evidence": taken if is_view else None, "problem": problem})
    return {"items": items}


def _taken(case_id: str, file: FileStorage) -> dict[str, Any] | str:
    """Add a file to a case; returns its view, or a sentence that says why it was not added."""
    who, kind = visitor(), sniff(file.stream.read(512))
    if kind is None:
        return f"this is not an image in a supported format ({', '.join(EXTENSIONS)})"
    file.stream.seek(0)
    stored = store().receive(cast("Any", file.stream))
    with database().write() as session:
        case = case_for(session, who, case_id, MAY_WRITE, open_only=True)
        _keep_picture(session, stored, kind)
        one = Evidence(case_id=case.id, name=_name(file), sha256=stored.sha256, uploaded_by=who.name)
        session.add(one)
        case.active_at = now()
        session.flush()
        if found := find_original(session, session.get_one(Picture, stored.sha256)):
            one.original, one.original_distance = found
        details = {"name": one.name, "sha256": stored.sha256, "bytes": stored.size}
        append(session, who.actor, "uploaded", details, case.id, one.id)
        if not store().original(stored.sha256).is_file():  # the same bytes were deleted just now
            abort(503, "the same image was being deleted; add it again", headers={"Retry-After": "1"})
        view = evidence_views(session, who, [one])[0]
    queue().send(one.id)
    return view


def _keep_picture(session: Session, stored: Stored, kind: str) -> None:
    if session.get(Picture, stored.sha256) is None:
        session.add(Picture(sha256=stored.sha256, bytes=stored.size, format=kind))
        session.flush()


def _name(file: FileStorage) -> str:
    """The name without its folder, only printable characters."""
    plain = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return printable(plain.encode("utf-8", "replace").decode(), 255) or "image"
