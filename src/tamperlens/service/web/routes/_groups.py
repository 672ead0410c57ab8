"""Groups of people, which administrators manage, and with which cases are shared."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._folding import folded
from tamperlens.service._ledger import append
from tamperlens.service._naming import name_problem
from tamperlens.service._tables import Group, GroupMember, GroupShare
from tamperlens.service.people import OWNS, case_for
from tamperlens.service.people import accounts as people
from tamperlens.service.people.visitors import database, signed_in, visitor
from tamperlens.service.schemas import groups as schemas
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.web._pages import each, page
from tamperlens.text import quoted

groups = APIBlueprint("groups", __name__, url_prefix="/api/v1", tag="Groups")


@groups.get("/groups")
@signed_in("administrator", "examiner")
@groups.input(schemas.GroupQuery, location="query")
@groups.output(schemas.GroupPage)
def list_groups(query_data: dict[str, Any]) -> dict[str, Any]:
    """All groups by name, with their members."""
    named = Group.folded.contains(folded(query_data["search"]), autoescape=True)
    statement = sa.select(Group).where(named).order_by(Group.folded)
    with database().read() as session:
        return page(session, statement, query_data, each(_view))


@groups.post("/groups")
@signed_in("administrator", browser_only=True)
@groups.input(schemas.GroupIn)
@groups.output(schemas.Group, status_code=201)
@groups.doc(responses=[409])
def add_group(json_data: dict[str, str]) -> dict[str, Any]:
    """Make an empty group."""
    who, name = visitor(), json_data["name"]
    with database().write() as session:
        _refuse_name(session, name)
        group = Group(name=name, folded=folded(name))
        session.add(group)
        session.flush()
        append(session, who.actor, "group made", {"group": group.id, "name": group.name})
        return _view(group)


@groups.patch("/groups/<key:group_id>")
@signed_in("administrator", browser_only=True)
@groups.input(schemas.GroupIn)
@groups.output(schemas.Group)
@groups.doc(responses=[404, 409])
def rename_group(group_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Rename a group; nobody's access changes, and the change is recorded in the cases shared with it."""
    who, name = visitor(), json_data["name"]
    with database().write() as session:
        group = _find(session, group_id)
        if name == group.name:
            abort(409, "the group has this name already")
        _refuse_name(session, name, group)
        told = {"group": group.id, "from": group.name, "to": name}
        append(session, who.actor, "group renamed", told)
        for case_id in _cases_of(session, group):
            append(session, who.actor, "group renamed", told, case_id)
        group.name, group.folded = name, folded(name)
        session.flush()
        return _view(group)


@groups.delete("/groups/<key:group_id>")
@signed_in("administrator", browser_only=True)
@groups.output({}, status_code=204)
@groups.doc(responses=[404])
def remove_group(group_id: str) -> Response:
    """Dissolve a group; people who saw a case only through it lose access."""
    who = visitor()
    with database().write() as session:
        group = _find(session, group_id)
        for case_id in _cases_of(session, group):
            append(session, who.actor, "case no longer shared", {"with group": group.name}, case_id)
        append(session, who.actor, "group dissolved", {"group": group.id, "name": group.name})
        for table in (GroupShare, GroupMember):
            session.execute(sa.delete(table).where(table.group_id == group.id))
        session.execute(sa.delete(Group).where(Group.id == group.id))
    return Response(status=204)


@groups.post("/groups/<key:group_id>/members")
@signed_in("administrator", browser_only=True)
@groups.input(schemas.MemberIn)
@groups.output(schemas.Group, status_code=201)
@groups.doc(responses=[404, 409])
def add_member(group_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Add somebody to a group; they see at once what is shared with it."""
    who = visitor()
    with database().write() as session:
        group, user = _find(session, group_id), people.find_user(session, json_data["name"])
        if user is None or user.disabled:
            abort(404, f"there is no account called {quoted(json_data['name'])}")
        if session.get(GroupMember, (group.id, user.id)):
            abort(409, f"{quoted(user.name)} is already in this group")
        session.add(GroupMember(group_id=group.id, user_id=user.id))
        session.flush()
        append(session, who.actor, "group joined", {"group": group.name, "user": user.id, "name": user.name})
        session.refresh(group)
        return _view(group)


@groups.delete("/groups/<key:group_id>/members/<key:user_id>")
@signed_in("administrator", browser_only=True)
@groups.output({}, status_code=204)
@groups.doc(responses=[404])
def remove_member(group_id: str, user_id: str) -> Response:
    """Remove somebody from a group; they lose access to what they saw only through it."""
    who = visitor()
    with database().write() as session:
        group, member = _find(session, group_id), session.get(GroupMember, (group_id, user_id))
        if member is None:
            abort(404, "that account is not in this group")
        told = {"group": group.name, "user": user_id, "name": member.user.name}
        append(session, who.actor, "group left", told)
        session.delete(member)
    return Response(status=204)


@groups.get("/cases/<key:case_id>/groups")
@signed_in()
@groups.input(PageIn, location="query")
@groups.output(schemas.GroupSharePage)
@groups.doc(responses=[404])
def list_group_shares(case_id: str, query_data: dict[str, Any]) -> dict[str, Any]:
    """List the groups that a case is shared with."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
        statement = sa.select(GroupShare).where(GroupShare.case_id == case_id).order_by(GroupShare.group_id)
        return page(session, statement, query_data, each(_share_view))


@groups.post("/cases/<key:case_id>/groups")
@signed_in()
@groups.input(schemas.GroupShareIn)
@groups.output(schemas.GroupShare, status_code=201)
@groups.doc(responses=[403, 404])
def share_with_group(case_id: str, json_data: dict[str, str]) -> dict[str, Any]:
    """Share with all members of a group, or change what they may do; viewers can only read."""
    who, access = visitor(), json_data["access"]
    with database().write() as session:
        case = case_for(session, who, case_id, OWNS)
        group = _named(session, json_data["name"])
        if group is None:
            abort(404, f"there is no group called {quoted(json_data['name'])}")
        share = session.merge(GroupShare(case_id=case.id, group_id=group.id, access=access))
        session.flush()
        append(session, who.actor, "case shared", {"with group": group.name, "access": access}, case.id)
        return _share_view(share)


@groups.delete("/cases/<key:case_id>/groups/<key:group_id>")
@signed_in()
@groups.output({}, status_code=204)
@groups.doc(responses=[403, 404])
def unshare_with_group(case_id: str, group_id: str) -> Response:
    """Stop sharing a case with a group."""
    who = visitor()
    with database().write() as session:
        case = case_for(session, who, case_id, OWNS)
        share = session.get(GroupShare, (case.id, group_id))
        if share is None:
            abort(404, "this case is not shared with that group")
        append(session, who.actor, "case no longer shared", {"with group": share.group.name}, case.id)
        session.delete(share)
    return Response(status=204)


def _refuse_name(session: Session, name: str, own: Group | None = None) -> None:
    """Abort with 409 or 422 if another group has this name or one that looks like it."""
    named, kept = _named(session, name), own.id if own else ""
    if named and named.id != kept:
        abort(409, f"there is already a group called {quoted(name)}")
    if problem := name_problem(name, session.scalars(sa.select(Group.name).where(Group.id != kept))):
        abort(422, problem)


def _cases_of(session: Session, group: Group) -> Sequence[str]:
    shared = sa.select(GroupShare.case_id).where(GroupShare.group_id == group.id)
    return session.scalars(shared.order_by(GroupShare.case_id)).all()


def _named(session: Session, name: str) -> Group | None:
    return session.scalars(sa.select(Group).where(Group.folded == folded(name))).one_or_none()


def _find(session: Session, group_id: str) -> Group:
    group = session.get(Group, group_id)
    if group is None:
        abort(404, "there is no such group")
    return group


def _view(group: Group) -> dict[str, Any]:
    return {name: getattr(group, name) for name in ("id", "name", "created_at")} | {
        "members": _members(group)
    }


def _members(group: Group) -> list[dict[str, str]]:
    people_in = sorted(group.members, key=lambda member: member.user.folded)
    return [{"user_id": member.user_id, "name": member.user.name} for member in people_in]


def _share_view(share: GroupShare) -> dict[str, Any]:
    told = {"group_id": share.group_id, "name": share.group.name, "access": share.access}
    return {**told, "members": _members(share.group)}
