"""Progress as server-sent events, read from the table, so that any process can tell of any worker's job."""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint, abort
from flask import Response

from tamperlens.service._database import Database
from tamperlens.service._tables import Evidence
from tamperlens.service.cases import progress_view
from tamperlens.service.people import case_for, evidence_for
from tamperlens.service.people.visitors import database, settings, signed_in, visitor

progress = APIBlueprint("progress", __name__, url_prefix="/api", tag="Progress")

# A stream holds a thread of the server. It ends by itself; the browser asks again, with its session checked.
_LONGEST_SECONDS = 60.0
_MOST_STREAMS, _MOST_OF_ONE = 24, 6


class _Streams:
    """Those that are open in this process, by whose they are."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def begin(self, user_id: str) -> bool:
        """Count one more, unless there are too many."""
        with self._lock:
            if self._open[user_id] >= _MOST_OF_ONE or self._open.total() >= _MOST_STREAMS:
                return False
            self._open[user_id] += 1
            return True

    def end(self, user_id: str) -> None:
        """Count one less."""
        with self._lock:
            self._open[user_id] -= 1
            self._open += Counter()  # forget who has none


_streams = _Streams()

_FINISHED = frozenset({"done", "failed", "cancelled"})
_EVENTS: dict[Any, Any] = {
    200: {
        "description": "events 'progress', each with id, state, step, progress, outcome, score and error of "
        "one Evidence as JSON; 'end' when nothing is left to wait for; the stream ends after a minute and "
        "the browser asks again",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    404: "not yours",
    503: "too many streams; ask again later, or poll",
}


@progress.get("/evidence/<key:evidence_id>/progress")
@signed_in()
@progress.doc(responses=_EVENTS)
def evidence_progress(evidence_id: str) -> Response:
    """How far one examination is, as it goes on."""
    with database().read() as session:
        evidence_for(session, visitor(), evidence_id)
    return _stream(Evidence.id == evidence_id)


@progress.get("/cases/<key:case_id>/progress")
@signed_in()
@progress.doc(responses=_EVENTS)
def case_progress(case_id: str) -> Response:
    """How far every examination of a case is: one stream, for a browser holds few at once."""
    with database().read() as session:
        case_for(session, visitor(), case_id)
    return _stream(Evidence.case_id == case_id)


def _stream(which: sa.ColumnElement[bool]) -> Response:
    who = visitor().id
    if not _streams.begin(who):
        abort(503, "too many streams are open; try again later", headers={"Retry-After": "5"})
    events = _events(database(), which, settings().poll_seconds)
    answer = Response(events, mimetype="text/event-stream")
    answer.call_on_close(partial(_streams.end, who))
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _events(database: Database, which: sa.ColumnElement[bool], pause: float) -> Iterator[str]:
    """What changed since the last look, until nothing is left to wait for."""
    told: dict[str, dict[str, Any]] = {}
    ends = time.monotonic() + _LONGEST_SECONDS
    yield "retry: 1000\n\n"
    while True:
        views = _look(database, which)
        changed = [view for view in views if told.get(view["id"]) != view]
        told |= {view["id"]: view for view in changed}
        yield "".join(f"event: progress\ndata: {json.dumps(view)}\n\n" for view in changed) or ": waiting\n\n"
        if all(view["state"] in _FINISHED for view in views):
            yield "event: end\ndata: {}\n\n"
            return
        if time.monotonic() > ends:
            return
        time.sleep(pause)


def _look(database: Database, which: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    with database.read() as session:
        return [progress_view(one) for one in session.scalars(sa.select(Evidence).where(which))]
