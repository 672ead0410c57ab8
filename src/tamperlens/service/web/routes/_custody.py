"""Cases as signed bundles, and the key to verify them."""

from typing import Any

from apiflask import APIBlueprint, abort
from flask import Response, request

from tamperlens.custody import public_pem
from tamperlens.errors import CustodyError, MissingExtraError, ServiceError
from tamperlens.report import Paper, TitleBlock, case_pdf
from tamperlens.service._ledger import append
from tamperlens.service._tables import now
from tamperlens.service.cases import case_bundle, case_report, check_case, record_export, workbench_key
from tamperlens.service.people import case_for
from tamperlens.service.people.visitors import database, settings, signed_in, visitor
from tamperlens.service.schemas import cases as schemas
from tamperlens.service.web._disposition import disposition
from tamperlens.service.web._headers import check_headers
from tamperlens.service.web.routes._evidence import store

custody = APIBlueprint("custody", __name__, url_prefix="/api/v1", tag="Custody")

_BUNDLE: Any = {
    200: {"description": "for 'tamperlens verify'", "content": {"application/zip": {}}},
    404: "not yours",
    409: "the ledger is not intact, or the case is too large",
}
_PAPER: Any = {
    200: {"description": "for paper", "content": {"application/pdf": {}}},
    404: "not yours, or this server cannot make PDFs",
    409: "too many images for one report, or a chosen image is not in the case",
}
_KEY: Any = {200: {"description": "PEM", "content": {"application/x-pem-file": {}}}}


@custody.get("/cases/<key:case_id>/bundle")
@signed_in()
@custody.input(schemas.BundleQuery, location="query")
@custody.doc(responses=_BUNDLE)
def export_bundle(case_id: str, query_data: dict[str, int]) -> Response:
    """The case as one signed file: findings, masks, notes, conclusions, its ledger; this is recorded."""
    who, with_original = visitor(), bool(query_data["originals"])
    try:
        with database().read() as session:  # before the ledger is locked, because it takes long
            check_case(session, case_for(session, who, case_id), store())
        with database().write() as session:
            case = case_for(session, who, case_id)
            if request.method != "HEAD":
                record_export(session, who.actor, case_id, with_original)
            key = workbench_key(session, settings())
            answer = _attached(
                case_bundle(session, case, store(), key, with_original),
                "application/zip",
                f"case-{case_id}.zip",
            )
            check_headers(answer)
    except CustodyError as error:  # the record is rolled back with the transaction
        abort(409, str(error))
    return answer


@custody.get("/cases/<key:case_id>/report.pdf")
@signed_in()
@custody.input(schemas.CasePaper, location="query")
@custody.doc(responses=_PAPER)
def case_report_pdf(case_id: str, query_data: dict[str, Any]) -> Response:
    """The case, or chosen images of it, as a PDF: findings, conclusions, notes, custody; this is recorded."""
    who, only = visitor(), query_data["evidence"]
    with database().read() as session:
        case = case_for(session, who, case_id)
        try:
            told = case_report(session, case, store(), only)
        except ServiceError as error:
            abort(409, str(error))
        title = _title(case.title, who.name, query_data)
    paper = Paper(title=title, size=query_data["paper"], annex=bool(query_data["annex"]))
    try:
        answer = _attached(case_pdf(told, paper), "application/pdf", f"case-{case_id}.pdf")
    except MissingExtraError:
        abort(404, "this server cannot make PDFs: its operator must install the extra 'pdf'")
    check_headers(answer)
    if request.method != "HEAD":
        with database().write() as session:
            case_for(session, who, case_id)
            told_of = {"images": len(only)} if only else {}
            append(session, who.actor, "exported", {"file": "report.pdf", **told_of}, case_id)
    return answer


def _title(case: str, examiner: str, asked: dict[str, Any]) -> TitleBlock:
    return TitleBlock(
        case=case, examiner=examiner, request=asked["request"], organisation=asked["organisation"],
        date=f"{now():%Y-%m-%d %H:%M} UTC",
    )  # fmt: skip


@custody.get("/signing-key")
@signed_in()
@custody.doc(responses=_KEY)
def signing_key() -> Response:
    """The public key of this workbench, for verifying its bundles."""
    with database().write() as session:
        key = workbench_key(session, settings())
    return _attached(public_pem(key.public_key()), "application/x-pem-file", "workbench-key.pub")


def _attached(data: bytes, kind: str, name: str) -> Response:
    answer = Response(data, mimetype=kind)
    answer.headers["Content-Disposition"] = disposition(name, download=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer
