"""Hands a case over to another owner."""

import sqlalchemy as sa
from apiflask import abort
from sqlalchemy.orm import Session

from tamperlens.service._ledger import Actor, append
from tamperlens.service._tables import Case, Share, User
from tamperlens.service.people.accounts import find_user
from tamperlens.text import quoted


def heir(session: Session, name: str) -> User:
    """The account with this name; aborts with 404 or 409 if there is none that may own cases."""
    user = find_user(session, name)
    if user is None or user.disabled:
        abort(404, f"there is no account called {quoted(name)}")
    if user.role == "viewer":
        abort(409, f"{quoted(user.name)} is a viewer, and viewers cannot own cases")
    return user


def hand_over(session: Session, actor: Actor, case: Case, to: User) -> None:
    """Give a case to another owner; the former owner may still write, unless the account is disabled."""
    former = case.owner
    session.execute(sa.delete(Share).where(Share.case_id == case.id, Share.user_id == to.id))
    case.owner = to
    if not former.disabled:
        session.merge(Share(case_id=case.id, user_id=former.id, access="write"))
    append(session, actor, "case handed over", {"from": former.name, "to": to.name}, case.id)
