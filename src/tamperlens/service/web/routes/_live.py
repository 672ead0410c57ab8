"""Events in a case as server-sent events for everyone in it, read from ledger and jobs."""

import time
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint
from flask import Response
from sqlalchemy.orm import Session

from tamperlens.service._database import Database
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Evidence, Head, Record
from tamperlens.service.cases import progress_view
from tamperlens.service.jobs import queue_state
from tamperlens.service.people import case_for
from tamperlens.service.people.visitors import database, settings, signed_in, visitor
from tamperlens.service.schemas.cases import LiveHeaders
from tamperlens.service.web._streams import BEGINNING, event, stream

live = APIBlueprint("live", __name__, url_prefix="/api/v1", tag="Progress")

# A browser that hears nothing for several times this long knows that the connection is lost.
_ALIVE_SECONDS = 5.0
_COUNT_EVERY_SECONDS = 2.0
_MOST_RECORDS = 200
_EVENTS: dict[Any, Any] = {
    200: {
        "description": "events as JSON: 'changed' with action and evidence_id of each new record about "
        "the case; 'progress' with id, state, step, progress, outcome, score and error of "
        "what is being examined; 'queue' with how many images are waiting and how long "
        "they will take; 'alive' from time to time. The stream ends after a minute, and "
        "the browser reconnects and resumes by Last-Event-ID",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    404: "not yours",
    503: "too many streams; try again later, or poll",
}


@live.get("/cases/<key:case_id>/events")
@signed_in()
@live.input(LiveHeaders, location="headers")
@live.doc(responses=_EVENTS)
def case_events(case_id: str, headers_data: dict[str, int]) -> Response:
    """Events in a case from now on."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
        head = session.scalar(sa.select(Head.seq)) or 0
    watch = _Watch(case_id, min(head, headers_data.get("last", head)))
    return stream(_events(database(), watch, settings()))


def _events(database: Database, watch: "_Watch", settings: Settings) -> Iterator[str]:
    ends = time.monotonic() + settings.stream_seconds
    yield BEGINNING
    while True:
        with database.read() as session:
            news = watch.look(session)
        yield news or ": waiting\n\n"
        if time.monotonic() > ends:
            return
        time.sleep(settings.poll_seconds)


class _Watch:
    """Remembers which events of a case have been sent.

    Args:
        case_id: identifier of the case.
        seq: number of the last record of the ledger that is already known.
    """

    def __init__(self, case_id: str, seq: int) -> None:
        self.case_id, self.seq = case_id, seq
        self._examined: dict[str, dict[str, Any]] = {}
        self._queue: dict[str, Any] = {}
        self._counted = self._alive = 0.0

    def look(self, session: Session) -> str:
        """Events since the last look."""
        news = [*self._records(session), *self._progress(session), *self._waiting(session)]
        moment = time.monotonic()
        if news or moment - self._alive > _ALIVE_SECONDS:
            self._alive = moment
            news = news or [event("alive", {}, self.seq)]
        return "".join(news)

    def _records(self, session: Session) -> Iterator[str]:
        fresh = sa.select(Record.seq, Record.action, Record.evidence_id).where(
            Record.case_id == self.case_id, Record.seq > self.seq
        )
        for seq, action, key in session.execute(fresh.order_by(Record.seq).limit(_MOST_RECORDS)):
            self.seq = seq
            yield event("changed", {"action": action, "evidence_id": key}, seq)

    def _progress(self, session: Session) -> Iterator[str]:
        """Events about images that are being examined now, or were at the last look."""
        which = sa.or_(Evidence.state == "running", Evidence.id.in_(self._examined))
        seen = session.scalars(sa.select(Evidence).where(Evidence.case_id == self.case_id, which))
        views = [progress_view(one) for one in seen]
        for view in views:
            if self._examined.get(view["id"]) != view:
                yield event("progress", view)
        self._examined = {view["id"]: view for view in views if view["state"] == "running"}

    def _waiting(self, session: Session) -> Iterator[str]:
        moment = time.monotonic()
        if self._queue and moment - self._counted < _COUNT_EVERY_SECONDS:
            return
        self._counted, queue = moment, queue_state(session, self.case_id)
        if queue != self._queue:
            yield event("queue", queue)
        self._queue = queue
