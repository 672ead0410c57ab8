"""The front: only it talks to clients, so that slow or lost ones do not occupy the server's threads.

Headers and small bodies are read completely, with deadlines, before a thread gets them. A large body, an
upload, is passed on as it arrives, but must keep a minimum pace. The answer is passed back as soon as it is
there, so an upload that is not allowed is refused before the rest is read. Answers are taken from the server
at once and sent at the client's pace, up to a limit. One connection carries one request, which prevents
request smuggling.
"""

import asyncio
import contextlib
import json
import re
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

_HEAD_SECONDS, _SMALL_BODY_SECONDS = 10.0, 20.0
# Minimum pace of an upload, and of a client that receives an answer: this many bytes in this many seconds.
_PACE_BYTES, _PACE_SECONDS = 64 << 10, 20.0
_ANSWER_SECONDS = 150.0  # a little more than the server's own limit
_MOST_HEAD, _SMALL_BODY, _CHUNK = 32 << 10, 1 << 20, 64 << 10
# Memory that one answer may take while its client is slow, in bytes.
_MOST_HELD = 4 << 20
_MOST_CONNECTIONS = 2000
_LOOK_SECONDS, _LINGER_SECONDS = 1.0, 2.0
_REQUEST = re.compile(rb"([A-Z]{1,16}) (/[\x21-\x7e]{0,8000}) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([\x20-\x7e\x80-\xff\t]*?)[ \t]*")
_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded")
_HOP = (b"connection", b"keep-alive", b"proxy-connection", b"te", b"upgrade", b"expect")
_Read = TypeVar("_Read")
_REASONS = {
    400: (b"Bad Request", b"this is no request that the workbench understands"),
    408: (b"Request Timeout", b"the request came too slowly"),
    411: (b"Length Required", b"say the body's length; chunked bodies are not taken"),
    413: (b"Content Too Large", b"the body is larger than anything that is taken here"),
    431: (b"Request Header Fields Too Large", b"the request's headers are too long"),
    503: (b"Service Unavailable", b"too many connections are open, or the server starts; try again soon"),
    504: (b"Gateway Timeout", b"the server took too long to answer"),
}


@dataclass(frozen=True)
class Front:
    """Where the front listens and what it passes on.

    Attributes:
        host: host to listen on.
        port: port to listen on.
        socket: path of the socket on which the server answers.
        behind_proxy: whether to trust X-Forwarded headers of whoever connects.
        most_body: size limit of a body in bytes.
    """

    host: str
    port: int
    socket: str
    behind_proxy: bool
    most_body: int


class _RefusedError(Exception):
    """The front itself answers the request, with a status of `_REASONS`."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class _Head:
    """Head of a request: the request line, its fields, and the length of the body."""

    line: bytes
    fields: list[tuple[bytes, bytes]]
    length: int


async def run(front: Front, parent_lives: Callable[[], bool]) -> None:
    """Serve until a signal arrives or the parent has ended."""
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(
            number, over.set if number == signal.SIGTERM else _nothing
        )
    open_now: set[asyncio.Task[None]] = set()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - asyncio runs this in one
        open_now.add(task)
        try:
            # Cancelled only when the server ends; Python 3.11 would print an error for each connection.
            with suppress(asyncio.CancelledError):
                await _serve(front, reader, writer, crowded=len(open_now) > _MOST_CONNECTIONS)
        finally:
            open_now.discard(task)

    server = await asyncio.start_server(
        client, front.host, front.port, limit=_MOST_HEAD, backlog=1024, reuse_address=True
    )
    async with server:
        while not over.is_set() and parent_lives():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), _LOOK_SECONDS)
    for task in open_now:
        task.cancel()


def _nothing() -> None:
    """Ctrl-C reaches every process of the terminal; the parent ends the others in the right order."""


async def _serve(
    front: Front, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, crowded: bool
) -> None:
    """One connection: one request and its answer."""
    try:
        if crowded:
            raise _RefusedError(503)
        head = await _within(_HEAD_SECONDS, _read_head(front, reader, writer))
        small = b""
        if head.length <= _SMALL_BODY:
            small = await _within(_SMALL_BODY_SECONDS, reader.readexactly(head.length))
        await _pass_on(front, head, small, reader, writer)
    except _RefusedError as refused:
        with suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(_refuse(writer, refused.status), _HEAD_SECONDS)
    except (
        ConnectionError,
        asyncio.IncompleteReadError,
        TimeoutError,
    ):  # the client is gone, or accepts nothing
        pass
    finally:
        with suppress(ConnectionError, TimeoutError, RuntimeError):
            await asyncio.wait_for(_linger(reader, writer), _LINGER_SECONDS)
        writer.transport.abort()


async def _linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let the client read the answer before the connection is closed, even if it keeps sending."""
    if writer.transport.get_write_buffer_size() or not writer.can_write_eof():
        return
    with contextlib.suppress(OSError):  # it may be gone already
        writer.write_eof()
        while await reader.read(_CHUNK):
            pass


async def _within(seconds: float, reading: Awaitable[_Read]) -> _Read:
    try:
        return await asyncio.wait_for(reading, seconds)
    except TimeoutError:
        raise _RefusedError(408) from None


async def _read_head(front: Front, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> _Head:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise _RefusedError(431) from None
    line, *lines = raw[:-4].split(b"\r\n")
    matches = [_FIELD.fullmatch(one) for one in lines]
    if not _REQUEST.fullmatch(line) or not all(matches):
        raise _RefusedError(400)
    fields = [(match[1], match[2]) for match in matches if match]
    return _Head(line, _forwarded(front, fields, writer), _length(front, fields))


def _length(front: Front, fields: list[tuple[bytes, bytes]]) -> int:
    """Length of the body in bytes; there must be exactly one statement of it."""
    named = [value for name, value in fields if name.lower() == b"content-length"]
    if any(name.lower() == b"transfer-encoding" for name, _ in fields):
        raise _RefusedError(411)
    if len(named) > 1 or any(not re.fullmatch(rb"[0-9]{1,15}", value) for value in named):
        raise _RefusedError(400)
    length = int(named[0]) if named else 0
    if length > front.most_body:
        raise _RefusedError(413)
    return length


def _forwarded(
    front: Front, fields: list[tuple[bytes, bytes]], writer: asyncio.StreamWriter
) -> list[tuple[bytes, bytes]]:
    """Fields for the server: the client's address is stated once, by the trusted proxy or by the front."""
    kept = [(name, value) for name, value in fields if name.lower() not in _HOP]
    if not front.behind_proxy:
        peer = str((writer.get_extra_info("peername") or ("unknown",))[0]).encode("ascii", "replace")
        kept = [(name, value) for name, value in kept if name.lower() not in _FORWARDED]
        kept += [(b"X-Forwarded-For", peer), (b"X-Forwarded-Proto", b"http")]
    return [*kept, (b"Connection", b"close")]


async def _pass_on(
    front: Front, head: _Head, small: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Let the server answer, and send the answer to the client."""
    try:
        answers, asks = await asyncio.open_unix_connection(front.socket, limit=_CHUNK)
    except OSError:
        raise _RefusedError(503) from None
    sending = asyncio.ensure_future(_send(head, small, reader, asks))
    gone = asyncio.ensure_future(_until_gone(sending, reader))
    handing = asyncio.ensure_future(_hand_out(answers, writer))
    try:
        await asyncio.wait({gone, handing}, return_when=asyncio.FIRST_COMPLETED)
        if handing.done():
            handing.result()
    finally:
        for task in (sending, gone, handing):
            task.cancel()
        asks.transport.abort()
        await asyncio.gather(sending, gone, handing, return_exceptions=True)


async def _send(head: _Head, small: bytes, reader: asyncio.StreamReader, asks: asyncio.StreamWriter) -> None:
    """Send the request to the server; a large body is passed on as it arrives, at a minimum pace."""
    lines = [head.line, *(name + b": " + value for name, value in head.fields)]
    asks.write(b"\r\n".join(lines) + b"\r\n\r\n" + small)
    await asks.drain()
    left, paced, ends = head.length - len(small), 0, _clock() + _PACE_SECONDS
    while left:
        chunk = await asyncio.wait_for(reader.read(min(left, _CHUNK)), max(0.01, ends - _clock()))
        if not chunk:
            raise ConnectionError
        asks.write(chunk)
        await asks.drain()
        left, paced = left - len(chunk), paced + len(chunk)
        if paced >= _PACE_BYTES:
            paced, ends = 0, _clock() + _PACE_SECONDS


async def _until_gone(sending: "asyncio.Future[None]", reader: asyncio.StreamReader) -> None:
    """Wait until the client is gone, or cannot continue."""
    try:
        await sending
    except (BrokenPipeError, ConnectionResetError):  # the server has already answered, and reads no more
        await asyncio.sleep(_ANSWER_SECONDS)
    while await reader.read(_CHUNK):  # nothing is expected; anything is discarded
        pass


async def _hand_out(answers: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send the answer to the client; it is read from the server ahead of a slow client."""
    held: asyncio.Queue[bytes] = asyncio.Queue()
    room = asyncio.Semaphore(_MOST_HELD // _CHUNK)
    taking = asyncio.ensure_future(_take(answers, held, room))
    any_yet = False
    try:
        async for chunk in _chunks(held, room):
            any_yet = True
            writer.write(chunk)
            await asyncio.wait_for(writer.drain(), _PACE_SECONDS)
        if not any_yet:
            raise _RefusedError(504 if taking.done() and taking.exception() else 503)
        await asyncio.wait_for(_flushed(writer), _PACE_SECONDS * (1 + _MOST_HELD // _CHUNK))
    finally:
        taking.cancel()
        await asyncio.gather(taking, return_exceptions=True)


async def _take(answers: asyncio.StreamReader, held: "asyncio.Queue[bytes]", room: asyncio.Semaphore) -> None:
    """Read from the server into memory while there is room; b"" marks the end."""
    try:
        while True:
            await room.acquire()
            chunk = await asyncio.wait_for(answers.read(_CHUNK), _ANSWER_SECONDS)
            if not chunk:
                return
            held.put_nowait(chunk)
    finally:
        held.put_nowait(b"")


async def _chunks(held: "asyncio.Queue[bytes]", room: asyncio.Semaphore) -> AsyncIterator[bytes]:
    while chunk := await held.get():
        yield chunk
        room.release()


async def _flushed(writer: asyncio.StreamWriter) -> None:
    writer.transport.set_write_buffer_limits(0)
    await writer.drain()


async def _refuse(writer: asyncio.StreamWriter, status: int) -> None:
    reason, sentence = _REASONS[status]
    members = {"type": "about:blank", "title": reason.decode(), "status": status, "detail": sentence.decode()}
    body = json.dumps(members).encode() + b"\n"
    lines = (
        b"HTTP/1.1 %d %s" % (status, reason), b"Content-Type: application/problem+json", b"Connection: close",
        b"X-Content-Type-Options: nosniff", b"Content-Length: %d" % len(body), b"", body,
    )  # fmt: skip
    writer.write(b"\r\n".join(lines))
    await _flushed(writer)


def _clock() -> float:
    return asyncio.get_running_loop().time()


def serve_front(front: Front, parent_lives: Callable[[], bool]) -> None:
    """Run the front in this process."""
    asyncio.run(run(front, parent_lives))
