"""A bundle from an unknown source is read in a confined process with limited memory."""

from dataclasses import asdict
from typing import Any, get_args

from cryptography.hazmat.primitives.serialization import Encoding

from tamperlens.confined import Confinement, Tell, Work, Worker, outbox
from tamperlens.custody._checks import Check, State
from tamperlens.custody._container import unpack
from tamperlens.custody._keys import parse_public_key, public_pem
from tamperlens.custody._manifest import Image, Manifest
from tamperlens.custody._pdf_attachment import bundle_of
from tamperlens.custody._time_stamps import parse_authorities
from tamperlens.custody._verifying import Opened, Trusted, verify_bundle
from tamperlens.errors import CustodyError, ExaminationEndedError

_CARRIED = "bundle.zip"
_LEAST_MEMORY, _TIMES = 2 << 30, 6
_MOST_SECONDS = 1800.0


def verifying_worker(size: int) -> Worker:
    """A worker that verifies a bundle, or a PDF that carries one, of `size` bytes."""
    limits = Confinement(_LEAST_MEMORY + _TIMES * size, _MOST_SECONDS)
    return Worker("tamperlens.custody._verifying_apart:prepare", {}, limits, command="")


def verify_apart(worker: Worker, data: bytes, trusted: Trusted) -> Opened:
    """Check everything about a bundle that needs no examination.

    Args:
        worker: from `verifying_worker`.
        data: the bundle, or a PDF that carries one.
        trusted: what is known from elsewhere.

    Raises:
        CustodyError: it is not a bundle, or its process ended early.
    """
    carried = []

    def hear(told: Any) -> None:  # noqa: ANN401 - from a process that is not trusted
        if told != {"file": _CARRIED}:
            raise CustodyError("the verification ended without a valid answer")
        carried.append(worker.scratch.read(_CARRIED))

    message = {
        "key": trusted.key and public_pem(trusted.key).decode(),
        "authorities": "".join(one.public_bytes(Encoding.PEM).decode() for one in trusted.authorities),
        "head": trusted.head,
        "anyone": trusted.anyone,
    }
    try:
        reply = worker.ask(message, data, hear)
    except ExaminationEndedError as error:
        raise CustodyError(f"the bundle cannot be verified: {error}") from error
    if "error" in reply:
        raise CustodyError(str(reply["error"]))
    try:
        return _opened(reply, carried[-1] if carried else data)
    except (LookupError, TypeError, ValueError) as error:
        raise CustodyError("the verification ended without a valid answer") from error


def _opened(reply: dict[str, Any], bundle: bytes) -> Opened:
    checks = tuple(Check(str(name), state, str(says)) for name, state, says in reply["checks"])
    if any(check.state not in get_args(State) for check in checks):
        raise ValueError("no such state")
    images = tuple(Image(**image) for image in reply["images"])
    about = {name: str(reply["about"][name]) for name in ("created", "signer", "software")}
    members = unpack(bundle).members
    for image in images:
        for name in (image.finding, image.mask, image.original):
            if name is not None and name not in members and all(check.holds for check in checks):
                raise ValueError("it names what is not there")
    return Opened(
        Manifest(**about, files={}, images=images), members, checks, tuple(map(str, reply["stated"]))
    )


def prepare(confinement: str) -> Work:
    """Nothing to load."""
    return Work({"confinement": confinement}, _answer)


def _answer(message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
    """Verify; `error` says why there is nothing to verify."""
    key, authorities = message["key"], message["authorities"].encode()
    trusted = Trusted(
        parse_public_key(key.encode(), "the key") if key else None,
        tuple(parse_authorities(authorities, "the authority")) if authorities else (),
        message["head"],
        message["anyone"],
    )
    try:
        bundle = bundle_of(data)
        opened = verify_bundle(bundle, trusted)
    except CustodyError as error:
        return {"error": str(error)}
    if bundle is not data:
        (outbox() / _CARRIED).write_bytes(bundle)
        tell({"file": _CARRIED})
    manifest = opened.manifest
    return {
        "checks": [[check.name, check.state, check.says] for check in opened.checks],
        "about": {name: getattr(manifest, name) for name in ("created", "signer", "software")},
        "images": [asdict(image) for image in manifest.images],
        "stated": list(opened.stated),
    }
