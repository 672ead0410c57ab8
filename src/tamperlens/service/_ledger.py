"""The ledger: a chain of records, each of which holds the hash of the previous one.

A record's hash is the SHA-256 of its canonical JSON: keys sorted, no spaces, UTF-8. Whoever edits, removes or
reorders records has to rewrite every later one, and then the head differs from the one noted elsewhere.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.custody import canonical, read_head, record_hash
from tamperlens.errors import ServiceError
from tamperlens.service._tables import Head, Record

START = "0" * 64
_NO_HEAD = "the ledger's head is missing, which says where it ends: the database was changed by hand"


@dataclass(frozen=True)
class Actor:
    """Who did something.

    Attributes:
        id: ID of the account; None for the machine and for people without an account.
        name: name as recorded.
    """

    id: str | None
    name: str


MACHINE = Actor(None, "(workbench)")
NOBODY = Actor(None, "(not signed in)")


def record_view(record: Record) -> dict[str, Any]:
    """A record as shown in the API and sent to webhooks."""
    shown = ("seq", "at", "actor", "action", "case_id", "evidence_id", "hash")
    return {**{name: getattr(record, name) for name in shown}, "details": json.loads(record.details)}


@dataclass(frozen=True)
class Verification:
    """What the check found.

    Attributes:
        records: number of records.
        head: number and hash of the last record, to be noted elsewhere.
        problem: the first thing that is wrong, as a sentence; None if the chain is intact.
    """

    records: int
    head: str
    problem: str | None


def append(
    session: Session,
    actor: Actor,
    action: str,
    details: dict[str, Any],
    case_id: str | None = None,
    evidence_id: str | None = None,
) -> str:
    """Add a record in the same transaction as what it records; the chain is locked until that ends.

    Returns:
        The record's hash.
    """
    head = session.execute(
        sa.update(Head).values(seq=Head.seq + 1).returning(Head.seq, Head.hash)
    ).one_or_none()
    if head is None:
        raise ServiceError(_NO_HEAD)
    record = {
        "seq": head.seq,
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "actor_id": actor.id,
        "actor": actor.name,
        "action": action,
        "case_id": case_id,
        "evidence_id": evidence_id,
        "details": details,
        "previous": head.hash,
    }
    digest = record_hash(record)
    session.execute(sa.insert(Record).values({**record, "details": canonical(details), "hash": digest}))
    session.execute(sa.update(Head).values(hash=digest))
    return digest


def lock(session: Session) -> None:
    """Prevent others from appending until this transaction ends."""
    session.execute(sa.update(Head).values(seq=Head.seq))


def verify(session: Session, expected: str | None = None) -> Verification:
    """Read the whole chain.

    Args:
        session: an open transaction.
        expected: a head noted earlier, as 'number:hash'; it must still be in the chain.

    Raises:
        CustodyError: `expected` is not a head.
    """
    count, last, problem = 0, START, None
    noted = dict([read_head(expected)]) if expected is not None else {}
    rows = session.execute(sa.select(Record.__table__).order_by(Record.seq).execution_options(yield_per=1000))
    for row in rows.mappings():
        problem = (
            problem or _link_problem(dict(row), count, last) or _noted_problem(row["seq"], row["hash"], noted)
        )
        count, last = count + 1, row["hash"]
    heads = session.execute(sa.select(Head.seq, Head.hash)).all()
    problem = problem or (
        _end_problem(count, last, (heads[0].seq, heads[0].hash), noted) if len(heads) == 1 else _NO_HEAD
    )
    return Verification(count, f"{count}:{last}", problem)


def _link_problem(row: dict[str, Any], before: int, last: str) -> str | None:
    seq = row["seq"]
    if seq != before + 1:
        return f"record {before + 1} is missing; record {seq} follows record {before}"
    if row["previous"] != last:
        return f"record {seq} does not continue record {before}: one of the two was replaced or moved"
    stated = row.pop("hash")
    if (
        row["details"] != _respelled(row["details"])
        or record_hash({**row, "details": json.loads(row["details"])}) != stated
    ):
        return f"record {seq} was edited: its content does not give its hash"
    return None


def _respelled(details: str) -> str | None:
    """Details as `append` would have written them; None if they are not JSON."""
    try:
        return canonical(json.loads(details))
    except ValueError:
        return None


def _noted_problem(seq: int, digest: str, noted: dict[int, str]) -> str | None:
    if noted.get(seq, digest) == digest:
        return None
    return f"record {seq} is not the one that was noted: the chain was rewritten"


def _end_problem(count: int, last: str, head: tuple[int, str], noted: dict[int, str]) -> str | None:
    if head != (count, last):
        return (
            f"the ledger ends at record {count}, but {head[0]} were written: records at its end were removed"
        )
    missing = [seq for seq in noted if seq > count]
    return (
        f"record {missing[0]}, which was noted, is missing; the ledger ends at {count}" if missing else None
    )
