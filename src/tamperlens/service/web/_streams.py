"""Server-sent events: how they are written, and how many streams are open at once.

A stream holds a thread of the server. It ends by itself; the browser asks again, with its session checked.
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
# Milliseconds after which a browser takes up a stream that has ended.
BEGINNING = "retry: 1000\n\n"


def event(name: str, data: dict[str, Any], key: int | None = None) -> str:
    """One event; by its key a browser says where it left off."""
    number = "" if key is None else f"id: {key}\n"
    return f"{number}event: {name}\ndata: {json.dumps(data)}\n\n"


def stream(events: Iterator[str]) -> Response:
    """The answer that gives events as they come, or 503 when too many are open."""
    who = visitor().id
    if not _streams.begin(who):
        abort(503, "too many streams are open; try again later", headers={"Retry-After": "5"})
    answer = Response(events, mimetype="text/event-stream")
    answer.call_on_close(partial(_streams.end, who))
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


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
