"""Who makes a request and what they may do: accounts, passwords, sessions, access.

Public names: none outside the service; further `MAY_WRITE`, `OWNS`, `access_to`, `case_for`,
`deletable_case`, `deletable_evidence`, `enter`, `evidence_for`, `governed_case`, `hand_over`, `heir`,
`held_because`, `password_problem`, `receiving_case`, `visible_to`.
"""

from tamperlens.service.people._access import (
    MAY_WRITE,
    OWNS,
    access_to,
    case_for,
    deletable_case,
    deletable_evidence,
    evidence_for,
    governed_case,
    held_because,
    receiving_case,
    visible_to,
)
from tamperlens.service.people._federation import enter
from tamperlens.service.people._handover import hand_over, heir
from tamperlens.service.people._passwords import password_problem

__all__ = [
    "MAY_WRITE",
    "OWNS",
    "access_to",
    "case_for",
    "deletable_case",
    "deletable_evidence",
    "enter",
    "evidence_for",
    "governed_case",
    "hand_over",
    "heir",
    "held_because",
    "password_problem",
    "receiving_case",
    "visible_to",
]
