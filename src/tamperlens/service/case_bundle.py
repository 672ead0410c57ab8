"""A case → a signed bundle: findings, masks, notes, conclusions, and what the ledger holds about it."""

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from sqlalchemy.orm import Session

from tamperlens.custody import Item, chain_problem, fingerprint, load_key, make_bundle, make_key
from tamperlens.errors import CustodyError
from tamperlens.service.evidence_views import conclusion_view, note_view
from tamperlens.service.found import read_finding
from tamperlens.service.ledger import MACHINE, Actor, append
from tamperlens.service.settings import Settings
from tamperlens.service.store import Store
from tamperlens.service.tables import Case, Conclusion, Evidence, Note, Record, now

KEY_FILE = "signing-key.pem"


def workbench_key(session: Session, settings: Settings) -> Ed25519PrivateKey:
    """The installation's own key, made and recorded when it is first needed.

    Args:
        session: a transaction that writes, so that no two processes make it at once.
        settings: of the installation.
    """
    path = settings.home / KEY_FILE
    if path.exists():
        return load_key(path)
    key = make_key(path)
    append(session, MACHINE, "signing key made", {"fingerprint": fingerprint(key.public_key())})
    return key


def record_export(session: Session, actor: Actor, case_id: str, with_original: bool) -> None:
    """Write down that a case leaves, before it does."""
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
        store: where originals and findings lie.
        key: of who signs.
        with_original: include the images themselves.
        stamp: signature → answer of a time stamping authority.

    Raises:
        CustodyError: the ledger's chain is broken, or the case is too large for one bundle.
    """
    ledger = _excerpt(session, case.id)
    if problem := chain_problem(ledger):
        raise CustodyError(f"the ledger is not intact, so nothing is signed: {problem}")
    found = session.scalars(
        sa.select(Evidence).where(Evidence.case_id == case.id).order_by(Evidence.uploaded_at, Evidence.id)
    ).all()
    items = [_item(store, one, with_original) for one in found if one.state == "done"]
    moment = now().isoformat(timespec="seconds")
    return make_bundle(items, key, moment, stamp, _case(session, case, found), ledger)


def _item(store: Store, one: Evidence, with_original: bool) -> Item:
    painted = store.made(one.sha256, one.versions or "") / "map-mask.png"
    original = store.original(one.sha256).read_bytes() if with_original else None
    mask = _gray(painted) if painted.is_file() else None
    return Item(one.name, read_finding(store, one), mask, original)


def _gray(painted: Path) -> bytes:
    """The mask without its colours: the palette's indices are its levels."""
    with Image.open(painted) as picture:
        levels = np.asarray(picture)
    buffer = io.BytesIO()
    Image.fromarray(levels).save(buffer, "PNG")
    return buffer.getvalue()


def _case(session: Session, case: Case, found: Sequence[Evidence]) -> dict[str, Any]:
    """What people wrote about the case and its evidence; the machine's part is in the findings."""
    return {
        "id": case.id,
        "title": case.title,
        "description": case.description,
        "owner": case.owner.name,
        "closed": case.closed,
        "created_at": case.created_at.isoformat(),
        "evidence": [_evidence(session, one) for one in found],
    }


def _evidence(session: Session, one: Evidence) -> dict[str, Any]:
    notes = [note_view(note) for note in session.scalars(_of(Note, one))]
    conclusions = [conclusion_view(said) for said in session.scalars(_of(Conclusion, one))]
    own = {name: getattr(one, name) for name in ("id", "name", "sha256", "uploaded_by", "state", "error")}
    plain = {**own, "uploaded_at": one.uploaded_at, "notes": notes, "conclusions": conclusions}
    told: dict[str, Any] = json.loads(json.dumps(plain, default=lambda moment: moment.isoformat()))
    return told


def _of(table: type[Note] | type[Conclusion], one: Evidence) -> sa.Select[Any]:
    return sa.select(table).where(table.evidence_id == one.id).order_by(table.at, table.id)


def _excerpt(session: Session, case_id: str) -> list[dict[str, Any]]:
    """The case's records in full, those between and after them by their hashes alone."""
    first = sa.select(sa.func.min(Record.seq)).where(Record.case_id == case_id).scalar_subquery()
    rows = session.execute(sa.select(Record.__table__).where(Record.seq >= first).order_by(Record.seq))
    return [_told(dict(row), case_id) for row in rows.mappings()]


def _told(row: dict[str, Any], case_id: str) -> dict[str, Any]:
    if row["case_id"] != case_id:
        return {name: row[name] for name in ("seq", "previous", "hash")}
    return {**row, "details": json.loads(row["details"])}
