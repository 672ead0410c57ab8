"""Drafts of what somebody writes about evidence: kept until recorded, and seen by nobody else."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._tables import Draft


def draft_view(draft: Draft) -> dict[str, Any]:
    """A draft."""
    return {name: getattr(draft, name) for name in ("subject", "choice", "text", "at")}


def forget_draft(session: Session, evidence_id: str, user_id: str, subject: str) -> None:
    """Delete a draft if there is one."""
    session.execute(
        sa.delete(Draft).where(
            Draft.evidence_id == evidence_id, Draft.user_id == user_id, Draft.subject == subject
        )
    )
