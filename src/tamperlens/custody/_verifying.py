"""A bundle from an unknown source → how much of it holds."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tamperlens.custody._binding import Bound, contradictions, finding_hash
from tamperlens.custody._canonical import read_canonical
from tamperlens.custody._chain import excerpt_problem, read_head
from tamperlens.custody._checks import Check
from tamperlens.custody._container import Unpacked, unpack
from tamperlens.custody._keys import fingerprint, is_signed, parse_public_key, public_pem
from tamperlens.custody._manifest import (
    MANIFEST,
    OUTSIDE,
    PUBLIC_KEY,
    SIGNATURE,
    STAMP,
    STAMP_SIGNATURE,
    Image,
    Manifest,
    listed,
    read_manifest,
)
from tamperlens.custody._time_stamps import check_stamp
from tamperlens.errors import CustodyError
from tamperlens.text import escaped

# Allowed outcomes; a signer could write anything.
OUTCOMES = ("consistent", "inconclusive", "inconsistent")
# JSON takes many times its size in memory.
_MOST_MANIFEST, _MOST_FINDING, _MOST_CASE = 16 << 20, 4 << 20, 64 << 20


@dataclass(frozen=True)
class Trusted:
    """What the verifier knows from elsewhere; none of it comes from the bundle.

    Attributes:
        key: of the expected signer; None if nobody in particular is expected.
        authorities: certificates of time stamping authorities; empty if none is trusted.
        head: of the workbench's ledger as noted earlier, 'number:hash'; "" if none was.
        anyone: whether it does not matter who signed.
    """

    key: Ed25519PublicKey | None = None
    authorities: tuple[x509.Certificate, ...] = ()
    head: str = ""
    anyone: bool = False


@dataclass(frozen=True)
class Opened:
    """A bundle whose manifest could be read.

    Attributes:
        manifest: what it says about itself; reliable only as far as the checks pass.
        members: name → content.
        checks: what was checked.
        stated: what it says about each image, in a few words.
    """

    manifest: Manifest
    members: Mapping[str, bytes]
    checks: tuple[Check, ...]
    stated: tuple[str, ...]


def verify_bundle(data: bytes, trusted: Trusted) -> Opened:
    """Check everything about a bundle that needs no examination.

    Raises:
        CustodyError: it is not a bundle, or too damaged to be read as one; or the noted head is malformed.
    """
    if trusted.head:
        read_head(trusted.head)
    unpacked = unpack(data)
    members = unpacked.members
    missing = [name for name in (MANIFEST, SIGNATURE, PUBLIC_KEY) if name not in members]
    if missing:
        raise CustodyError(f"this is not a bundle: {missing[0]} is missing in it")
    _refuse_large(MANIFEST, members[MANIFEST], _MOST_MANIFEST)
    manifest = read_manifest(members[MANIFEST])
    checks = (
        _container(unpacked),
        _signature(members, manifest),
        _signer(members, trusted),
        _files(members, manifest),
        _findings(members, manifest),
        *_ledger(members, manifest, trusted),
        _time(members, trusted),
    )
    return Opened(manifest, members, checks, tuple(_stated(members, image) for image in manifest.images))


def _refuse_large(name: str, content: bytes, most: int) -> None:
    if len(content) > most:
        raise CustodyError(f"{name} has {len(content):,} bytes; at most {most:,} are read")


def _container(unpacked: Unpacked) -> Check:
    if unpacked.is_exact:
        return Check("container", "passed", "it holds these files and nothing else")
    return Check("container", "failed", "it was repacked, or bytes outside the files were changed")


def _signature(members: Mapping[str, bytes], manifest: Manifest) -> Check:
    try:
        key = parse_public_key(members[PUBLIC_KEY], "the bundle's public key")
    except CustodyError as error:
        return Check("signature", "failed", str(error))
    if members[PUBLIC_KEY] != public_pem(key):
        return Check("signature", "failed", "the public key's file contains more than the key")
    if fingerprint(key) != manifest.signer:
        return Check("signature", "failed", "the public key is not the one that the manifest names")
    if not is_signed(key, members[SIGNATURE], members[MANIFEST]):
        return Check("signature", "failed", "the manifest is not what was signed")
    return Check("signature", "passed", "the manifest is as its signer signed it (Ed25519)")


def _signer(members: Mapping[str, bytes], trusted: Trusted) -> Check:
    if trusted.key is None:
        says = "anyone can make a key and re-sign changed content; use --key to check who signed"
        return Check("signer", "not asked" if trusted.anyone else "not possible", says)
    if is_signed(trusted.key, members[SIGNATURE], members[MANIFEST]):
        return Check(
            "signer", "passed", f"signed by the key that you gave ({fingerprint(trusted.key)[:16]}…)"
        )
    return Check(
        "signer", "failed", f"not signed by the key that you gave ({fingerprint(trusted.key)[:16]}…)"
    )


def _files(members: Mapping[str, bytes], manifest: Manifest) -> Check:
    there = listed({name: content for name, content in members.items() if name not in OUTSIDE})
    said = [f"{name} is not listed" for name in there.keys() - manifest.files.keys()]
    said += [f"{name} is missing" for name in manifest.files.keys() - there.keys()]
    said += [
        f"{name} was changed" for name, entry in there.items() if manifest.files.get(name, entry) != entry
    ]
    if said:
        return Check("files", "failed", _several(sorted(said)))
    return Check("files", "passed", f"{len(there)} files have the hashes that were signed (SHA-256)")


def _findings(members: Mapping[str, bytes], manifest: Manifest) -> Check:
    problems = [p for image in manifest.images for p in _image_problems(members, manifest, vars(image))]
    if problems:
        return Check("images", "failed", _several(problems))
    kept = sum(image.original is not None for image in manifest.images)
    says = f"each finding names its image by hash: {len(manifest.images)}, of which {kept} are included"
    return Check("images", "passed", says)


def _image_problems(
    members: Mapping[str, bytes], manifest: Manifest, image: Mapping[str, Any]
) -> Iterator[str]:
    """Whether finding, mask and original belong together."""
    named = [image[part] for part in ("finding", "mask", "original") if image[part] is not None]
    absent = [name for name in named if name not in members or name not in manifest.files]
    if absent:
        yield f"{absent[0]} is missing"
        return
    try:
        found = _finding(members, image["finding"])
        stated, outcome = found["sha256"], found["outcome"]
    except (CustodyError, KeyError, TypeError) as error:
        yield f"{image['finding']} is not a finding: {error}"
        return
    if outcome not in OUTCOMES:
        yield f"{image['finding']} has an unknown outcome"
    if stated != image["sha256"]:
        yield f"{image['finding']} is about another image than the manifest says"
    original = image["original"]
    if original and hashlib.sha256(members[original]).hexdigest() != image["sha256"]:
        yield f"{original} is not the image that was examined"


def _finding(members: Mapping[str, bytes], name: str) -> dict[str, Any]:
    """A finding's JSON.

    Raises:
        CustodyError: it is not a finding, or too large.
    """
    _refuse_large(name, members[name], _MOST_FINDING)
    found = read_canonical(members[name], name)
    if not isinstance(found, dict):
        raise CustodyError("it is not a JSON object")
    return found


def _stated(members: Mapping[str, bytes], image: Image) -> str:
    """What the bundle says about an image."""
    try:
        found = _finding(members, image.finding)
        if found["outcome"] in OUTCOMES:
            return f"{found['outcome']}, score {float(found['score']):.2f}"
    except (CustodyError, LookupError, TypeError, ValueError, OverflowError):
        pass
    return "no readable finding"


def _ledger(members: Mapping[str, bytes], manifest: Manifest, trusted: Trusted) -> Iterator[Check]:
    if manifest.ledger is None:
        if manifest.case is not None:
            yield Check("ledger", "failed", "a case without its part of the ledger")
        elif trusted.head:
            yield Check(
                "ledger", "not possible", "the bundle contains only findings, not a case with a ledger"
            )
        return
    try:
        content = members.get(manifest.ledger, b"")
        _refuse_large(manifest.ledger, content, _MOST_CASE)
        excerpt = read_canonical(content, "the ledger's excerpt")
        yield _chain(excerpt, trusted)
        yield _case(members, manifest, excerpt)
    except (CustodyError, LookupError, TypeError, ValueError, AttributeError) as error:
        yield Check("ledger", "failed", f"the excerpt is unreadable: {error}")


def _chain(excerpt: Mapping[str, Any], trusted: Trusted) -> Check:
    if problem := excerpt_problem(excerpt):
        return Check("ledger", "failed", f"the chain is broken: {problem}")
    records = excerpt["records"]
    if trusted.head:
        number, digest = read_head(trusted.head)
        there = {record["seq"]: record["hash"] for record in records}
        if not records or number < records[0]["seq"]:
            return Check("ledger", "not possible", "the head was noted before the excerpt begins")
        if there.get(number) != digest:
            return Check("ledger", "failed", "the head that was noted is not in the excerpt")
    says = f"the chain of {len(records)} records holds, {excerpt['of_case']} of them about this case"
    return Check("ledger", "passed", f"{says} and its images; its head is {excerpt['head']}")


def _case(members: Mapping[str, bytes], manifest: Manifest, excerpt: Mapping[str, Any]) -> Check:
    """Whether the case agrees with the ledger."""
    if manifest.case is None:
        return Check("case", "failed", "a part of a ledger without its case")
    content = members.get(manifest.case, b"")
    _refuse_large(manifest.case, content, _MOST_CASE)
    try:
        bound = [_bound(members, image) for image in manifest.images]
        said = contradictions(read_canonical(content, "the case"), excerpt["records"], bound)
    except (CustodyError, LookupError, TypeError, ValueError, AttributeError) as error:
        return Check("case", "failed", f"it cannot be compared with the ledger: {error}")
    if said:
        return Check("case", "failed", f"it contradicts the ledger: {_several(said)}")
    return Check("case", "passed", "evidence, findings, masks, notes and conclusions are those of the ledger")


def _bound(members: Mapping[str, bytes], image: Image) -> Bound:
    mask = None if image.mask is None else hashlib.sha256(members[image.mask]).hexdigest()
    return Bound(image.name, image.sha256, finding_hash(_finding(members, image.finding)), mask)


def _time(members: Mapping[str, bytes], trusted: Trusted) -> Check:
    if STAMP in members:
        return _stamped(members, trusted)
    if STAMP_SIGNATURE in members:
        return Check("time", "failed", "the time stamp was taken out")
    says = "there is no time stamp; the date in the manifest is the signer's own word"
    return Check("time", "not possible" if trusted.authorities else "not asked", says)


def _stamped(members: Mapping[str, bytes], trusted: Trusted) -> Check:
    stamp = check_stamp(members[STAMP], members[SIGNATURE], list(trusted.authorities))
    problem = stamp.problem or _exchanged(members)
    if problem:
        return Check("time", "failed", problem)
    moment = f"{stamp.at:%Y-%m-%d %H:%M:%S} UTC"
    if not trusted.authorities:
        return Check("time", "not asked", f"a time stamp says {moment}; use --tsa-cert to check whose it is")
    return Check("time", "passed", f"the authority says it was signed at {moment} or before")


def _exchanged(members: Mapping[str, bytes]) -> str | None:
    """What is wrong with the signer's own seal on the time stamp."""
    try:
        key = parse_public_key(members[PUBLIC_KEY], "the bundle's public key")
    except CustodyError as error:
        return str(error)
    sealed = is_signed(key, members.get(STAMP_SIGNATURE, b""), members[STAMP])
    return None if sealed else "the time stamp is not the one that the signer put in"


def _several(problems: list[str]) -> str:
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return escaped("; ".join(problems[:3]) + more, 2000)
