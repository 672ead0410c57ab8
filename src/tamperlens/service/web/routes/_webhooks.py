"""Your own webhooks: external programs that are called about events in your cases."""

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._ledger import append
from tamperlens.service._tables import Head, Webhook, now
from tamperlens.service.cases import workbench_key
from tamperlens.service.people.visitors import Visitor, database, settings, signed_in, visitor
from tamperlens.service.schemas import webhooks as schemas
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.web import _limits as limits
from tamperlens.service.web._pages import each, page
from tamperlens.service.webhooks import refused_url, try_out, webhook_view

webhooks = APIBlueprint("webhooks", __name__, url_prefix="/api/v1/webhooks", tag="Webhooks")

_MOST = 20


@webhooks.get("")
@signed_in("administrator", "examiner", browser_only=True)
@webhooks.input(PageIn, location="query")
@webhooks.output(schemas.WebhookPage)
def list_webhooks(query_data: dict[str, Any]) -> dict[str, Any]:
    """Your own webhooks, the latest first."""
    statement = (
        sa.select(Webhook)
        .where(Webhook.user_id == visitor().id)
        .order_by(Webhook.created_at.desc(), Webhook.id)
    )
    with database().read() as session:
        return page(session, statement, query_data, each(webhook_view))


@webhooks.post("")
@signed_in("administrator", "examiner", browser_only=True)
@webhooks.input(schemas.WebhookIn)
@webhooks.output(schemas.Webhook, status_code=201)
@webhooks.doc(responses=[409])
def add_webhook(json_data: dict[str, Any]) -> dict[str, Any]:
    """Add a webhook: a program that is called about events from now on."""
    who, url = visitor(), json_data["url"]
    if problem := refused_url(url, settings().webhook_hosts):
        abort(422, problem)
    with database().write() as session:
        mine = sa.select(sa.func.count()).where(Webhook.user_id == who.id)
        if (session.scalar(mine) or 0) >= _MOST:
            abort(409, f"one person may have at most {_MOST} webhooks; remove one first")
        details = {"url": url, "actions": json_data["actions"]}
        append(session, who.actor, "webhook added", details)
        told = session.scalar(sa.select(Head.seq)) or 0
        hook = Webhook(
            user_id=who.id, url=url, actions="\n".join(json_data["actions"]), seq=told, next_at=now()
        )
        session.add(hook)
        session.flush()
        return webhook_view(hook)


@webhooks.patch("/<key:webhook_id>")
@signed_in("administrator", "examiner", browser_only=True)
@webhooks.input(schemas.WebhookChange)
@webhooks.output(schemas.Webhook)
@webhooks.doc(responses=[404])
def change_webhook(webhook_id: str, json_data: dict[str, bool]) -> dict[str, Any]:
    """Pause a webhook, or resume it with what was not yet sent."""
    who = visitor()
    with database().write() as session:
        hook = _own(session, who, webhook_id)
        hook.paused = json_data["paused"]
        if not hook.paused:
            hook.next_at, hook.failing_since, hook.failures, hook.problem = now(), None, 0, None
        append(session, who.actor, "webhook changed", {"webhook": hook.id, "paused": hook.paused})
        return webhook_view(hook)


@webhooks.post("/<key:webhook_id>/test")
@signed_in("administrator", "examiner", browser_only=True)
@webhooks.output(schemas.Tried)
@webhooks.doc(responses=[404, 422, 429])
def test_webhook(webhook_id: str) -> dict[str, Any]:
    """Make a test call, and say whether it arrived."""
    who = visitor()
    limits.count(database(), settings(), "webhook test, one user", who.id)
    with database().write() as session:
        hook = _own(session, who, webhook_id)
        key = workbench_key(session, settings())
    if problem := refused_url(hook.url, settings().webhook_hosts):
        abort(422, problem)
    problem = try_out(hook, key)
    return {"arrived": problem is None, "problem": problem}


@webhooks.delete("/<key:webhook_id>")
@signed_in("administrator", "examiner", browser_only=True)
@webhooks.output({}, status_code=204)
@webhooks.doc(responses=[404])
def remove_webhook(webhook_id: str) -> Response:
    """Remove a webhook; what was not yet sent is dropped."""
    who = visitor()
    with database().write() as session:
        hook = _own(session, who, webhook_id)
        session.delete(hook)
        append(session, who.actor, "webhook removed", {"webhook": hook.id, "url": hook.url})
    return Response(status=204)


def _own(session: Session, who: Visitor, webhook_id: str) -> Webhook:
    hook = session.get(Webhook, webhook_id)
    if hook is None or hook.user_id != who.id:
        abort(404, "you have no such webhook")
    return hook
