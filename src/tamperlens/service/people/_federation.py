"""Which account a provider's identity signs in to: the linked one, an invited one, or a new one."""

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._folding import folded
from tamperlens.service._ledger import Actor, append
from tamperlens.service._naming import name_problem
from tamperlens.service._settings import IdentityProvider
from tamperlens.service._tables import Identity as Known
from tamperlens.service._tables import User
from tamperlens.service.people.accounts import add_user, find_user

if TYPE_CHECKING:
    from tamperlens.service.people.provider import Identity


def enter(session: Session, provider: IdentityProvider, shown: "Identity") -> User | str:
    """The account, or why there is none: "disabled", "unverified", "unknown" or "taken"."""
    known = session.get(Known, (shown.issuer, shown.subject))
    if known:
        return _unless_disabled(session.get_one(User, known.user_id))
    if shown.email is None:
        return "unverified"
    email = folded(shown.email)
    invited = session.scalars(sa.select(User).where(User.email == email)).one_or_none()
    if invited is None and not provider.role:
        return "unknown"
    if invited and _is_anothers(session, shown, invited):
        return "taken"
    user = _unless_disabled(invited) if invited else _fresh(session, provider.role, shown, email)
    if isinstance(user, User):
        session.add(Known(issuer=shown.issuer, subject=shown.subject, user_id=user.id))
        told = {"issuer": shown.issuer, "subject": shown.subject, "email": email}
        append(session, Actor(user.id, user.name), "identity linked", told)
    return user


def _unless_disabled(user: User) -> User | str:
    return "disabled" if user.disabled else user


def _is_anothers(session: Session, shown: "Identity", user: User) -> bool:
    """Whether the account is linked to another subject: addresses may be reassigned, but not subjects."""
    same = sa.select(Known.subject).where(Known.user_id == user.id, Known.issuer == shown.issuer)
    return session.scalars(same.limit(1)).first() is not None


def _fresh(session: Session, role: str, shown: "Identity", email: str) -> User | str:
    """A new account with the name that the provider gives, or with the address as its name."""
    names = list(session.scalars(sa.select(User.name)))
    for name in (" ".join(shown.name.split())[:64], email[:64]):
        if name and find_user(session, name) is None and not name_problem(name, names):
            user = add_user(session, name, role)
            user.email = email
            told = {"user": user.id, "name": user.name, "role": role, "through": shown.issuer}
            append(session, Actor(user.id, user.name), "user added", told)
            return user
    return "taken"
