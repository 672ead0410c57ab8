"""A case → a signed bundle: findings, masks, what people wrote, and its part of the ledger."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from tamperlens.custody import (
    Item,
    contradictions,
    excerpt_of,
    fingerprint,
    load_key,
    make_bundle,
    make_key,
)
from tamperlens.errors import CustodyError
from tamperlens.service._ledger import MACHINE, Actor, append, verify
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service._tables import Case, Conclusion, Evidence, Note, Record, Review, now
from tamperlens.service.cases._annotations import annotation_view, annotations_of
from tamperlens.service.cases._conclusion_views import conclusion_view, review_view
from tamperlens.service.cases._evidence_views import note_view
from tamperlens.service.cases._moving import gone_and_come, told_with
from tamperlens.service.jobs import bound, is_whole, read_finding, read_mask
from tamperlens.text import quoted

KEY_FILE = "signing-key.pem"


def workbench_key(session: Session, settings: Settings) -> Ed25519PrivateKey:
    """The installation's own key, made and recorded when it is first needed.

    Args:
        session: a write transaction, so that no two processes make it at once.
        settings: settings of the installation.
    """
    path = settings.home / KEY_FILE
    if path.exists():
        return load_key(path)
    key = make_key(path)
    append(session, MACHINE, "signing key made", {"fingerprint": fingerprint(key.public_key())})
    return key


def record_export(session: Session, actor: Actor, case_id: str, with_original: bool) -> None:
    """Record that a case is exported, before it leaves."""
    append(session, actor, "exported", {"file": "bundle", "originals": with_original}, case_id)


def case_bundle(
    session: Session,
    case: Case,
    store: Store,
    key: Ed25519PrivateKey,
    with_original: bool = False,
    stamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The case as a signed bundle.

    Args:
        session: an open transaction.
        case: what to export.
        store: store of originals and findings.
        key: key to sign with.
        with_original: include the images themselves.
        stamp: signature → answer of a time stamping authority.

    Raises:
        CustodyError: the case does not match the ledger, or is too large for one bundle.
    """
    found = _found(session, case)
    told, ledger = _case(session, case, found), _excerpt(session, case.id)
    done = [one for one in found if one.state == "done"]
    _refuse_contradictions(store, told, ledger, done)
    items = [_item(store, one, with_original) for one in done]
    moment = now().isoformat(timespec="seconds")
    return make_bundle(items, key, moment, stamp, told, excerpt_of(ledger))


def check_case(session: Session, case: Case, store: Store) -> None:
    """Check that a case may be signed: ledger intact, files unchanged, everything as recorded.

    Raises:
        CustodyError: it may not.
    """
    if problem := verify(session).problem:
        raise CustodyError(f"the ledger is not intact, so nothing is signed: {problem}")
    found = _found(session, case)
    done = [one for one in found if one.state == "done"]
    _refuse_changed(store, found, done)
    _refuse_contradictions(store, _case(session, case, found), _excerpt(session, case.id), done)


def _found(session: Session, case: Case) -> Sequence[Evidence]:
    which = sa.select(Evidence).where(Evidence.case_id == case.id)
    return session.scalars(which.order_by(Evidence.uploaded_at, Evidence.id)).all()


def _refuse_contradictions(
    store: Store, told: dict[str, Any], ledger: list[dict[str, Any]], done: Sequence[Evidence]
) -> None:
    said = contradictions(told, ledger, [bound(store, one) for one in done])
    if said:
        more = f" (and {len(said) - 3} more)" if len(said) > 3 else ""
        first = "; ".join(said[:3])
        raise CustodyError(f"the case does not match the ledger, so nothing is signed: {first}{more}")


def _refuse_changed(store: Store, found: Sequence[Evidence], done: Sequence[Evidence]) -> None:
    """Check that originals and findings are there, and that originals are unchanged."""
    for one in found:
        if not store.is_intact(one.sha256):
            raise CustodyError(
                f"the original of {quoted(one.name)} was changed or removed, so nothing is signed"
            )
    for one in done:
        if not is_whole(store, one.sha256, one.versions or ""):
            raise CustodyError(f"files of the finding of {quoted(one.name)} are gone; examine it again first")


def _item(store: Store, one: Evidence, with_original: bool) -> Item:
    original = store.original(one.sha256).read_bytes() if with_original else None
    return Item(one.name, read_finding(store, one), read_mask(store, one), original)


def _case(session: Session, case: Case, found: Sequence[Evidence]) -> dict[str, Any]:
    """What people wrote about the case and its evidence; measured results are in the findings."""
    return {
        "id": case.id,
        "title": case.title,
        "description": case.description,
        "owner": case.owner.name,
        "closed": case.closed,
        "created_at": case.created_at.isoformat(),
        "evidence": [_evidence(session, one) for one in found],
        **gone_and_come(session, case.id),
    }


def _evidence(session: Session, one: Evidence) -> dict[str, Any]:
    notes = [note_view(note) for note in session.scalars(_of(Note, one))]
    conclusions = [conclusion_view(said) for said in session.scalars(_of(Conclusion, one))]
    reviews = [{"conclusion": said.conclusion_id, **review_view(said)} for said in _reviews(session, one)]
    own = {name: getattr(one, name) for name in ("id", "name", "sha256", "uploaded_by", "state", "error")}
    plain = {**own, "uploaded_at": one.uploaded_at, "notes": notes}
    plain |= {"conclusions": conclusions, "reviews": reviews}
    plain["annotations"] = [annotation_view(each) for each in annotations_of(session, one.id)]
    told: dict[str, Any] = json.loads(json.dumps(plain, default=lambda moment: moment.isoformat()))
    return told


def _of(table: type[Note] | type[Conclusion], one: Evidence) -> sa.Select[Any]:
    return sa.select(table).where(table.evidence_id == one.id).order_by(table.at, table.id)


def _reviews(session: Session, one: Evidence) -> Sequence[Review]:
    said = sa.select(Review).join(Conclusion, Conclusion.id == Review.conclusion_id)
    return session.scalars(said.where(Conclusion.evidence_id == one.id).order_by(Review.at, Review.id)).all()


def _excerpt(session: Session, case_id: str) -> list[dict[str, Any]]:
    """Records of the case and its images in full, and only the hashes of those between and after them."""
    whole = set(session.scalars(sa.select(Record.seq).where(told_with(case_id))))
    rows = session.execute(
        sa.select(Record.__table__).where(Record.seq >= min(whole, default=0)).order_by(Record.seq)
    )
    return [_told(dict(row), row["seq"] in whole) for row in rows.mappings()]


def _told(row: dict[str, Any], is_whole: bool) -> dict[str, Any]:
    if not is_whole:
        return {name: row[name] for name in ("seq", "previous", "hash")}
    return {**row, "details": json.loads(row["details"])}
