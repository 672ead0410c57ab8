"""Progress of one examination as server-sent events; read from the table, so any process can serve it."""

import time
from collections.abc import Iterator
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from tamperlens.service._database import Database
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Evidence
from tamperlens.service.cases import progress_view
from tamperlens.service.people import evidence_for
from tamperlens.service.people.visitors import database, settings, signed_in, visitor
from tamperlens.service.web._streams import BEGINNING, event, stream

progress = APIBlueprint("progress", __name__, url_prefix="/api/v1", tag="Progress")

_FINISHED = frozenset({"done", "failed", "cancelled"})
_EVENTS: dict[Any, Any] = {
    200: {
        "description": "events 'progress', each with id, state, step, progress, outcome, score and error of "
        "one Evidence as JSON; 'end' when nothing is left to wait for; the stream ends after a minute and "
        "the browser reconnects",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    404: "not yours",
    503: "too many streams; try again later, or poll",
}


@progress.get("/evidence/<key:evidence_id>/progress")
@signed_in()
@progress.doc(responses=_EVENTS)
def evidence_progress(evidence_id: str) -> Response:
    """Progress of one examination, live."""
    with database().read() as session:
        evidence_for(session, visitor(), evidence_id)
    return stream(_events(database(), evidence_id, settings()))


def _events(database: Database, evidence_id: str, settings: Settings) -> Iterator[str]:
    """What changed since the last look, until nothing is left to wait for."""
    told, ends = None, time.monotonic() + settings.stream_seconds
    yield BEGINNING
    while True:
        with database.read() as session:
            view = progress_view(session.get_one(Evidence, evidence_id))
        yield event("progress", view) if view != told else ": waiting\n\n"
        told = view
        if view["state"] in _FINISHED:
            yield event("end", {})
            return
        if time.monotonic() > ends:
            return
        time.sleep(settings.poll_seconds)
