"""The protocol between parent and worker: JSON and raw bytes, each preceded by its length.

Never pickles: a worker compromised by a hostile file must not be able to run code in its parent.
"""

import json
import struct
from typing import IO, Any

_LENGTHS = struct.Struct(">II")
# A finding takes some kilobytes; a longer reply cannot be one.
MAX_REPLY = 64 << 20


def send(stream: IO[bytes], message: dict[str, Any], data: bytes = b"") -> None:
    """Write one message, with or without bytes."""
    text = json.dumps(message).encode()
    stream.write(_LENGTHS.pack(len(text), len(data)) + text)
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes], longest: int | None = None) -> tuple[dict[str, Any], bytes]:
    """Read one message.

    Args:
        stream: buffered.
        longest: most bytes that a message may have in total; None for no limit.

    Raises:
        EOFError: the other side is gone, or sent something that is not a message.
    """
    text_length, data_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if longest is not None and text_length + data_length > longest:
        raise EOFError
    text, data = _exactly(stream, text_length), _exactly(stream, data_length)
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise EOFError from error
    if not isinstance(message, dict):
        raise EOFError  # noqa: TRY004 - for the caller the same as a broken pipe
    return message, data


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data
