"""Files: originals, renditions, maps, reports. Each is sent with a fixed type, whatever its content."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apiflask import APIBlueprint, abort
from flask import Response, jsonify, request, send_file

from tamperlens.service._ledger import append
from tamperlens.service._naming import neutral_name
from tamperlens.service._tables import Evidence
from tamperlens.service.cases import annotations_of, examiners_section, standing_conclusions
from tamperlens.service.people import evidence_for
from tamperlens.service.people.visitors import database, signed_in, visitor
from tamperlens.service.schemas import evidence as schemas
from tamperlens.service.web._disposition import disposition
from tamperlens.service.web._headers import REPORT_POLICY, check_headers
from tamperlens.service.web._veil import veiled
from tamperlens.service.web.routes._evidence import named_finding, refuse_unmade, store
from tamperlens.text import escaped

files = APIBlueprint("files", __name__, url_prefix="/api/v1/evidence", tag="Files")

TYPES = {
    "JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff", "WEBP": "image/webp", "BMP": "image/bmp",
    "GIF": "image/gif", "AVIF": "image/avif", "HEIF": "image/heif",
}  # fmt: skip
# Browsers may cache them, but must ask each time whether they may still show them.
_KEPT = "private, no-cache"


def _file(what: str, kind: str, *more: int) -> Any:  # noqa: ANN401 - as APIFlask declares it
    """Description of a file in the OpenAPI document."""
    answers = {404: "not yours, or not there yet", 409: "the examination is not done"}
    told = {200: {"description": what, "content": {kind: {}}}, 404: answers[404]}
    return told | {status: answers[status] for status in more}


@files.get("/<key:evidence_id>/original")
@signed_in()
@files.doc(responses=_file("the bytes as uploaded", "application/octet-stream"))
def original(evidence_id: str) -> Response:
    """Download the original, byte for byte; this is recorded."""

    def file(one: Evidence) -> Response:
        return _send(store().original(one.sha256), "application/octet-stream", one.name, True)

    return _export(evidence_id, "original", file)


@files.get("/<key:evidence_id>/rendition")
@signed_in()
@files.doc(responses=_file("a picture", "image/*"))
def rendition(evidence_id: str) -> Response:
    """The picture at full size, in a format that browsers can show; if possible the original's bytes."""
    one = _find(evidence_id)
    if one.picture.own_rendition:
        return _send(store().made(one.sha256) / "rendition.png", "image/png", f"{one.name}.png")
    return _send(store().original(one.sha256), TYPES[one.picture.format], one.name)


@files.get("/<key:evidence_id>/thumbnail")
@signed_in()
@files.doc(responses=_file("a small picture", "image/webp"))
def thumbnail(evidence_id: str) -> Response:
    """A picture of at most 320 pixels."""
    one = _find(evidence_id)
    return _send(store().made(one.sha256) / "thumbnail.webp", "image/webp", "thumbnail.webp")


@files.get("/<key:evidence_id>/maps/<map_name>")
@signed_in()
@files.input(schemas.MapQuery, location="query")
@files.doc(responses=_file("a map", "image/png"))
def evidence_map(evidence_id: str, map_name: str, query_data: dict[str, str]) -> Response:
    """A map of the whole picture. Error levels ("ela") are available before the examination ends."""
    one = _find(evidence_id)
    if not re.fullmatch(r"[a-z0-9-]{1,40}", map_name) or one.versions is None:
        abort(404, "there is no such map of this evidence")
    name = f"map-{map_name}.png"
    answer = _send(store().made(one.sha256, one.versions) / name, "image/png", name)
    if query_data["look"] == "veil" and answer.status_code == 200 and request.method == "GET":
        answer.direct_passthrough = False
        answer.set_data(veiled(answer.get_data()))
    return answer


@files.get("/<key:evidence_id>/report.html")
@signed_in()
@files.input(schemas.DownloadQuery, location="query")
@files.doc(responses=_file("a separate page", "text/html", 409))
def report_html(evidence_id: str, query_data: dict[str, int]) -> Response:
    """The report as one file; when shown, it is isolated from this site."""

    def page(one: Evidence) -> Response:
        text = _finding_file(one, "report.html").read_text(encoding="utf-8")
        shown = text.replace(neutral_name(one.sha256, one.picture.format), html.escape(escaped(one.name)))
        answer = Response(_with_examiners(shown, one), mimetype="text/html")
        answer.headers["Content-Security-Policy"] = REPORT_POLICY
        _dispose(answer, f"{one.name}.html", bool(query_data["download"]))
        return answer

    return _export(evidence_id, "report.html", page, needs_finding=True)


def _with_examiners(report: str, one: Evidence) -> str:
    """The report, with the examiners' conclusions and drawings right below the answer."""
    with database().read() as session:
        standing = standing_conclusions(session, [one.id])[one.id]
        section = examiners_section(standing, annotations_of(session, one.id), one.picture)
    answer, end, rest = report.partition("</section>")
    return f"{answer}{end}\n\n{section}{rest}" if end else report


@files.get("/<key:evidence_id>/report.pdf")
@signed_in()
@files.doc(responses=_file("for paper", "application/pdf", 409))
def report_pdf(evidence_id: str) -> Response:
    """The report for paper, if the server has the extra `pdf`."""

    def pages(one: Evidence) -> Response:
        return _send(_finding_file(one, "report.pdf"), "application/pdf", f"{one.name}.pdf", True)

    return _export(evidence_id, "report.pdf", pages, needs_finding=True)


@files.get("/<key:evidence_id>/report.json")
@signed_in()
@files.doc(responses=_file("docs/json.md", "application/json", 409))
def report_json(evidence_id: str) -> Response:
    """The finding as printed by `tamperlens examine --json`."""

    def data(one: Evidence) -> Response:
        answer = jsonify(named_finding(one))
        _dispose(answer, f"{one.name}.json", True)
        return answer

    return _export(evidence_id, "report.json", data, needs_finding=True)


def _find(evidence_id: str) -> Evidence:
    with database().read() as session:
        return evidence_for(session, visitor(), evidence_id)


def _export(
    evidence_id: str, what: str, make: Callable[[Evidence], Response], needs_finding: bool = False
) -> Response:
    """The answer of `make`, after recording what is exported and by whom; nothing leaves unrecorded.

    The answer is made first, so that nothing is recorded that does not leave after all.
    """
    who, one = visitor(), _find(evidence_id)
    if needs_finding:
        refuse_unmade(one)
    answer = make(one)
    if answer.status_code not in {200, 206} or request.method == "HEAD":
        return answer
    check_headers(answer)
    with database().write() as session:
        evidence_for(session, who, evidence_id)
        append(session, who.actor, "exported", {"file": what, "sha256": one.sha256}, one.case_id, one.id)
    return answer


def _finding_file(one: Evidence, name: str) -> Path:
    return store().made(one.sha256, one.versions or "") / name


def _send(path: Path, kind: str, name: str, download: bool = False) -> Response:
    if not path.is_file():
        abort(404, "this file is not there yet, or this server does not make it")
    answer = send_file(path, mimetype=kind, conditional=True, etag=True)
    answer.headers["Cache-Control"] = _KEPT
    _dispose(answer, name, download)
    return answer


def _dispose(answer: Response, name: str, download: bool) -> None:
    answer.headers["Content-Disposition"] = disposition(name, download)
