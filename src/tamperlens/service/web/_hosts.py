"""Names under which the server may be reached; protects against other sites' names that point here."""

import ipaddress
import socket

from apiflask import abort
from flask import request

from tamperlens.service._settings import Settings
from tamperlens.text import quoted


def refuse_unknown_host(settings: Settings) -> None:
    """Abort with 400 if the Host is neither an IP address, nor this machine's name, nor trusted."""
    name = _name(request.host)
    known = {"localhost", socket.gethostname().lower(), *(one.lower() for one in settings.trusted_hosts)}
    if name not in known and not _is_number(name):
        abort(
            400,
            f"this workbench does not answer to the name {quoted(name)}; whoever runs it starts it with "
            "--trusted-host NAME",
        )


def _name(host: str) -> str:
    """The host without its port, in lower case."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    return (name or host).strip("[]").rstrip(".").lower()


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
