"""Who is asking and what they may do: accounts, passwords, sessions, access.

Public names: none outside the service; further `MAY_WRITE`, `OWNS`, `access_to`, `case_for`, `evidence_for`,
`password_problem`, `visible_to`, `hand_over`, `heir`.
"""

from tamperlens.service.people._access import MAY_WRITE, OWNS, access_to, case_for, evidence_for, visible_to
from tamperlens.service.people._handover import hand_over, heir
from tamperlens.service.people._passwords import password_problem

__all__ = [
    "MAY_WRITE",
    "OWNS",
    "access_to",
    "case_for",
    "evidence_for",
    "hand_over",
    "heir",
    "password_problem",
    "visible_to",
]
