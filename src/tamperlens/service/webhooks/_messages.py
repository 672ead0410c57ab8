"""Messages and their signature: the scheme of Standard Webhooks with Ed25519 (v1a)."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from tamperlens.service._ledger import record_view
from tamperlens.service._tables import Case, Record, User, Webhook
from tamperlens.service.people import visible_to
from tamperlens.service.people.visitors import Visitor

# Ledger actions about cases; viewing and searching are not sent to others.
ACTIONS = (
    "uploaded", "examined", "not examined", "queued again", "cancelled", "noted", "concluded", "reviewed",
    "annotated", "tagged", "case opened", "case changed", "case shared", "image moved in",
    "image moved out", "image deleted", "exported",
)  # fmt: skip


@dataclass(frozen=True)
class Message:
    """One call.

    Attributes:
        seq: number of the ledger's record that it is about.
        headers: headers to send with it.
        body: JSON of the record.
    """

    seq: int
    headers: dict[str, str]
    body: bytes


def untold(session: Session, hook: Webhook, most: int) -> tuple[Sequence[Record], int]:
    """The next records for a webhook, and the number up to which these are all.

    Cases that its owner may no longer see at the time of delivery are left out.
    """
    last = session.scalar(sa.select(sa.func.max(Record.seq))) or 0
    last = min(last, hook.seq + most)
    owner = session.get_one(User, hook.user_id)
    seen = sa.select(Case.id).where(visible_to(Visitor(owner.id, owner.name, owner.role, None, None)))
    wanted = (Record.seq > hook.seq, Record.seq <= last, Record.action.in_(hook.actions.split("\n")))
    which = sa.select(Record).where(*wanted, Record.case_id.in_(seen)).order_by(Record.seq)
    return session.scalars(which).all(), last


def message(hook_id: str, record: Record, key: Ed25519PrivateKey, moment: datetime) -> Message:
    """The call about a record; a repeated call has the same identifier."""
    body = json.dumps(record_view(record), ensure_ascii=False).encode()
    return Message(record.seq, _signed(f"{hook_id}-{record.seq}", moment, body, key), body)


def ping(hook_id: str, key: Ed25519PrivateKey, moment: datetime) -> Message:
    """A call without content, to test whether it arrives."""
    body = b'{"action": "ping"}'
    return Message(0, _signed(f"{hook_id}-ping-{moment.timestamp():.0f}", moment, body, key), body)


def _signed(identifier: str, moment: datetime, body: bytes, key: Ed25519PrivateKey) -> dict[str, str]:
    at = str(int(moment.timestamp()))
    signature = base64.b64encode(key.sign(f"{identifier}.{at}.".encode() + body)).decode()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Tamperlens",
        "webhook-id": identifier,
        "webhook-timestamp": at,
        "webhook-signature": f"v1a,{signature}",
    }


def webhook_view(hook: Webhook) -> dict[str, Any]:
    """A webhook as shown to its owner."""
    shown = ("id", "url", "created_at", "paused", "problem", "failing_since", "called_at")
    return {**{name: getattr(hook, name) for name in shown}, "actions": hook.actions.split("\n")}
