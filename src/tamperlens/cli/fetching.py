"""A URL → its bytes, if the user allows it: from public addresses only, up to a size."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from urllib.parse import quote, urljoin, urlsplit

from tamperlens.cli.inputs import is_url
from tamperlens.errors import TamperlensError

_SECONDS, _MOST_REDIRECTS = 30.0, 5
# Characters that stay as they are in a path or query, including the "%" of what is quoted already.
_AS_THEY_ARE = "/?:@!$&'()*+,;=%~-._"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@contextmanager
def fetch(url: str, max_bytes: int) -> Iterator[BinaryIO]:
    """Open the content of a URL.

    The host's addresses are looked up once, and all must be public. The connection goes to an address that
    was checked, so it does not matter if the name resolves to another machine a moment later. Each
    redirection is checked in the same way.

    Args:
        url: address of an image.
        max_bytes: content that the server declares as larger is refused.

    Raises:
        TamperlensError: it leads to a private address, cannot be fetched, or is too large.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        connection, target = _connected(url)
        try:
            connection.request("GET", target, headers={"User-Agent": "tamperlens", "Accept": "image/*"})
            answer = connection.getresponse()
            if answer.status in _REDIRECTS:
                url = urljoin(url, answer.headers.get("Location", ""))
                continue
            _check(url, answer, max_bytes)
            yield cast(BinaryIO, answer)
            return
        except (OSError, http.client.HTTPException) as error:
            raise TamperlensError(f"{url} cannot be fetched: {error or type(error).__name__}") from error
        finally:
            connection.close()
    raise TamperlensError(f"{url} is redirected more than {_MOST_REDIRECTS} times")


def _check(url: str, answer: http.client.HTTPResponse, max_bytes: int) -> None:
    if answer.status != http.client.OK:
        raise TamperlensError(f"{url} cannot be fetched: the server says {answer.status} {answer.reason}")
    declared = answer.headers.get("Content-Length", "")
    if declared.isdigit() and int(declared) > max_bytes:
        raise TamperlensError(f"{url} has {int(declared):,} bytes; at most {max_bytes:,} are fetched")


def _connected(url: str) -> tuple[http.client.HTTPConnection, str]:
    """A connection to a public address of the host, and the path and query to request."""
    if not is_url(url):
        raise TamperlensError(f"{url} is not a web address; only http and https are fetched")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme.lower() == "https" else 80)
    except ValueError as error:
        raise TamperlensError(f"{url} is not a web address: {error}") from error
    address = _public_address(url, host, port)
    connection: http.client.HTTPConnection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    try:
        connection.sock = socket.create_connection((address, port), timeout=_SECONDS)
        if parts.scheme.lower() == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
    except OSError as error:
        connection.close()
        raise TamperlensError(f"{url} cannot be fetched: {error}") from error
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return connection, quote(target, safe=_AS_THEY_ARE)


def _public_address(url: str, host: str, port: int) -> str:
    """The first address of a host; all of its addresses must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: not a valid host name
        raise TamperlensError(f"{url} cannot be fetched: the host {host} is not known") from error
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    for address in addresses:
        if not ipaddress.ip_address(address).is_global:
            raise TamperlensError(
                f"{url} leads to the private address {address}; private addresses are not fetched"
            )
    return addresses[0]
