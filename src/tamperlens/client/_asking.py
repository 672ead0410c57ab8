"""Requests to a workbench: tokens, problems, and another try where nothing came back."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from tamperlens.errors import MissingExtraError, RefusedError

if TYPE_CHECKING:
    import httpx

_Kind = TypeVar("_Kind")
# What is uploaded: a path, or a name and the bytes.
File = Path | tuple[str, bytes]

_TRIES = 4
# Seconds before another try, doubled each time, where the workbench names none.
_FIRST_WAIT = 0.5
# Of an answer that says to try again.
_AGAIN = frozenset({429, 503})


class Asking:
    """Sends requests and reads answers.

    Every POST carries an `Idempotency-Key`, so that another try does nothing twice.

    Args:
        url: of the workbench, without a path.
        token: made on the page of one's account.
        timeout: seconds without a byte until a try is given up.
        transport: of httpx, in place of the network.

    Raises:
        MissingExtraError: httpx is not installed.
    """

    def __init__(
        self, url: str, token: str, *, timeout: float = 60.0, transport: "httpx.BaseTransport | None" = None
    ) -> None:
        try:
            import httpx  # noqa: PLC0415 - only whoever speaks with a workbench needs it
        except ImportError:
            raise MissingExtraError("httpx", "tamperlens.client", "client") from None
        headers = {"Authorization": f"Bearer {token}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._lost = httpx.TransportError

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _json(self, kind: type[_Kind], method: str, path: str, **parts: Any) -> _Kind:  # noqa: ANN401, ARG002
        """JSON of a kind that the OpenAPI document promises; it is not checked again."""
        return cast("_Kind", self._answer(method, path, **parts).json())

    def _bytes(self, method: str, path: str, **parts: Any) -> bytes:  # noqa: ANN401 - of httpx
        return self._answer(method, path, **parts).content

    def _nothing(self, method: str, path: str, **parts: Any) -> None:  # noqa: ANN401 - of httpx
        self._answer(method, path, **parts)

    def _events(
        self, method: str, path: str, headers: Mapping[str, str | None] | None = None
    ) -> Iterator[tuple[str, Any]]:
        """Name and content of each server-sent event, until the stream ends."""
        with self._client.stream(method, path, headers=_given(headers), timeout=None) as answer:
            if answer.is_error:
                answer.read()
                raise _refused(answer)
            name, data = "message", ""
            for line in answer.iter_lines():
                field, _, value = line.partition(": ")
                if field == "event":
                    name = value
                elif field == "data":
                    data += value
                elif not line and data:
                    yield name, loads(data)
                    name, data = "message", ""

    def _answer(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: object = None,
        file: File | None = None,
        files: Sequence[File] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> "httpx.Response":
        sent = _given(headers) | ({"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {})
        options: dict[str, Any] = {"params": _given(query), "headers": sent}
        if file is not None:
            options["files"] = [("file", _content(file))]
        elif files is not None:
            options["files"] = [("files", _content(each)) for each in files]
        elif body is not None:
            options["json"] = body
        return self._tried(method, path, options)

    def _tried(self, method: str, path: str, options: dict[str, Any]) -> "httpx.Response":
        wait = _FIRST_WAIT
        for last in (*[False] * (_TRIES - 1), True):
            try:
                answer = self._client.request(method, path, **options)
            except self._lost as error:
                if last:
                    raise RefusedError(f"the workbench does not answer: {error}") from error
                time.sleep(wait)
            else:
                if answer.is_success:
                    return answer
                if last or answer.status_code not in _AGAIN:
                    raise _refused(answer)
                time.sleep(float(answer.headers.get("Retry-After", wait)))
            wait *= 2
        raise AssertionError


def _given(parts: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (parts or {}).items() if value is not None}


def _content(file: File) -> tuple[str, bytes]:
    return (file.name, file.read_bytes()) if isinstance(file, Path) else file


def quoted(version: str | None) -> str | None:
    """An ETag as `If-Match` takes it."""
    return None if version is None else f'"{version.strip(chr(34))}"'


def _refused(answer: "httpx.Response") -> RefusedError:
    """The problem as an error; whatever stands in between may answer something else."""
    try:
        told = answer.json()
        return RefusedError(str(told["detail"]), answer.status_code, told.get("errors"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return RefusedError(f"{answer.status_code} {answer.reason_phrase}", answer.status_code)
