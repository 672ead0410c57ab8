"""Where a webhook may lead: only to hosts named by the operator of the workbench."""

from urllib.parse import SplitResult, urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def refused_url(url: str, hosts: tuple[str, ...]) -> str | None:
    """Why a webhook may not lead there, as a sentence; None if it may.

    Args:
        url: address as typed.
        hosts: allowed hosts: "name", for any port, or "name:port".
    """
    if not hosts:
        return "this workbench calls nobody; its operator can allow hosts with --webhook-host NAME"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "this is not a web address"
    if problem := _malformed(parts):
        return problem
    name = parts.hostname or ""
    if not {name, f"{name}:{port or 443}"} & {one.lower() for one in hosts}:
        return "this workbench does not call that host; its operator can allow it with --webhook-host NAME"
    return None


def _malformed(parts: SplitResult) -> str | None:
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "this is not a web address: it begins with https:// and names a host"
    if parts.username or parts.password or parts.fragment:
        return "an address with a name, a password or a fragment is not called"
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        return "only https:// addresses are called outside this machine"
    return None
