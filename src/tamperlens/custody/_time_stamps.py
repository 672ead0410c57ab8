"""Time stamps by RFC 3161: an authority confirms that a signature existed at a certain time."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    TimeStampTokenInfo,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from tamperlens.errors import CustodyError

_MOST_BYTES = 1 << 20
_WAIT_SECONDS = 30
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True)
class Stamp:
    """What a time stamp says.

    Attributes:
        at: the time; None if the stamp is unreadable.
        problem: why it does not hold; None if it does.
    """

    at: datetime | None
    problem: str | None


def request_stamp(url: str, signature: bytes) -> bytes:
    """Ask an authority for a time stamp of a signature; only its hash leaves the machine.

    Args:
        url: of the authority, http:// or https://.
        signature: what is stamped.

    Returns:
        The authority's answer, DER.

    Raises:
        CustodyError: no answer, a refusal, or an answer to a different request.
    """
    if not url.startswith(("http://", "https://")):
        raise CustodyError(
            f"the time stamping authority '{url}' is not an address; expected http:// or https://"
        )
    asked = TimestampRequestBuilder().data(signature).hash_algorithm(HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query"}
    request = urllib.request.Request(url, asked.as_bytes(), headers)  # noqa: S310 - the scheme was checked
    try:
        with urllib.request.urlopen(request, timeout=_WAIT_SECONDS) as answer:  # noqa: S310
            data: bytes = answer.read(_MOST_BYTES)
    except (OSError, urllib.error.URLError) as error:
        raise CustodyError(f"the time stamping authority {url} does not answer: {error}") from error
    answered = _granted(data)
    if answered is None:
        raise CustodyError(f"the time stamping authority {url} refused, or its answer is unreadable")
    info = answered.tst_info
    if info.nonce != asked.nonce or not _is_about(info, signature):
        raise CustodyError(f"the time stamping authority {url} answered another question")
    return data


def check_stamp(data: bytes, signature: bytes, authorities: list[x509.Certificate]) -> Stamp:
    """Whether a time stamp is for this signature and from a trusted authority.

    Args:
        data: the authority's answer.
        signature: what was stamped.
        authorities: certificates that the caller trusts, roots first; empty to check only the content.
    """
    response = _granted(data)
    if response is None:
        return Stamp(None, "the time stamp is unreadable, or was refused")
    moment = response.tst_info.gen_time
    if not _is_about(response.tst_info, signature):
        return Stamp(moment, "the time stamp is of another signature")
    if not authorities:
        return Stamp(moment, None)
    builder = VerifierBuilder()
    for certificate in authorities:
        builder = builder.add_root_certificate(certificate)
    try:
        builder.build().verify_message(response, signature)
    except (VerificationError, ValueError) as error:
        return Stamp(
            moment, f"the time stamp is not from this authority, or its certificate does not hold: {error}"
        )
    return Stamp(moment, None)


def load_authorities(path: Path) -> list[x509.Certificate]:
    """Certificates that the caller trusts.

    Raises:
        CustodyError: it is unreadable.
    """
    try:
        return parse_authorities(path.read_bytes(), str(path))
    except OSError as error:
        raise CustodyError(f"{path} cannot be read: {error.strerror}") from error


def parse_authorities(pem: bytes, what: str) -> list[x509.Certificate]:
    """Certificates from PEM.

    Raises:
        CustodyError: there are none.
    """
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CustodyError(f"{what} contains no certificate in PEM: {error}") from error


def _granted(data: bytes) -> TimeStampResponse | None:
    """The answer; None if it is unreadable or a refusal."""
    try:
        response = decode_timestamp_response(data)
        response.tst_info.gen_time  # noqa: B018 - reading it reveals a damaged token
        return response if PKIStatus(response.status) == PKIStatus.GRANTED else None
    except ValueError:
        return None


def _is_about(info: TimeStampTokenInfo, signature: bytes) -> bool:
    """Whether the imprint is that of this signature, by the requested hash."""
    imprint = info.message_imprint
    is_sha256 = imprint.hash_algorithm.dotted_string == _SHA256
    return bool(is_sha256 and imprint.message == sha256(signature).digest())
