"""Server-sent events: how they are written, and how many streams are open at once.

A stream occupies a thread of the server. It ends after a while, and the browser reconnects, which checks its
session again.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

from apiflask import abort
from flask import Response

from tamperlens.service.people.visitors import visitor

_MOST_STREAMS, _MOST_OF_ONE = 24, 6
# A browser reconnects after this many milliseconds when a stream has ended.
BEGINNING = "retry: 1000\n\n"


def event(name: str, data: dict[str, Any], key: int | None = None) -> str:
    """One event; by its key, a browser can say where it left off."""
    number = "" if key is None else f"id: {key}\n"
    return f"{number}event: {name}\ndata: {json.dumps(data)}\n\n"


def stream(events: Iterator[str]) -> Response:
    """The answer that sends events as they come; aborts with 503 if too many streams are open."""
    who = visitor().id
    if not _streams.begin(who):
        abort(503, "too many streams are open; try again later", headers={"Retry-After": "5"})
    answer = Response(events, mimetype="text/event-stream")
    answer.call_on_close(partial(_streams.end, who))
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


class _Streams:
    """Number of open streams in this process, by account."""

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
            self._open += Counter()  # drops accounts without streams


_streams = _Streams()
