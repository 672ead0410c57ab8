"""Content credentials (C2PA): whether a manifest exists, is valid and trusted, and what it declares."""

import importlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._fact import Fact
from tamperlens.evidence._generation import GENERATION
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._metadata import printable
from tamperlens.evidence._signature_files import Software
from tamperlens.evidence._software import source_type_fact, watermark_fact, written_by_generator

State = Literal["absent", "not checked", "unreadable", "invalid", "valid", "trusted"]
# UUID of the box that holds a manifest in ISO base media files (C2PA 2.2, annex A).
_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
_MEDIA_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "TIFF": "image/tiff",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "AVIF": "image/avif",
    "HEIF": "image/heic",
}
# Nothing is fetched: neither manifests kept elsewhere, nor certificate status, nor time stamps.
_OFFLINE = {
    "remote_manifest_fetch": False,
    "ocsp_fetch": False,
    "verify_trust": True,
    "verify_timestamp_trust": True,
}
# Most actions, ingredients and failures that are reported.
_MAX_LISTED = 20
# Longest manifest store in characters; nested ingredients can repeat themselves.
_MAX_JSON = 8 << 20
# Failures that mean bytes were changed after signing.
_CHANGED = ("Hash.mismatch", "hashedURI.mismatch", "claimSignature.mismatch", "hash.mismatch")


@dataclass(frozen=True)
class Provenance:
    """What a file's C2PA manifest says, every text printable.

    Attributes:
        state: "absent"; "not checked" without the package `c2pa-python`; "unreadable"; "invalid"; "valid":
            unchanged since someone signed it; "trusted": the signer's certificate also leads to one of the
            given anchors.
        where: the part of the file that holds it.
        generator: the program that claims to have made the file.
        issuer: organisation and name in the signing certificate, which anyone can put there.
        signed: time of signing, as stated by the manifest.
        actions: what was done, as declared.
        source_types: declared digital source types.
        ingredients: titles of the files it was made from.
        failures: codes of the checks that failed.
        watermarked: whether it says the picture carries SynthID.
        remote: address of a manifest kept elsewhere, which is not fetched; empty without one.
    """

    state: State
    where: str = ""
    generator: str = ""
    issuer: str = ""
    signed: str = ""
    actions: tuple[str, ...] = ()
    source_types: tuple[str, ...] = ()
    ingredients: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    watermarked: bool = False
    remote: str = ""


def read_provenance(evidence: Evidence, embedded: Embedded, anchors: str = "") -> Provenance:
    """Find and check a file's C2PA manifest without any network access.

    Args:
        evidence: the file.
        embedded: its parts.
        anchors: PEM certificates trusted to vouch for signers; without any, nothing is "trusted".

    Reference: Coalition for Content Provenance and Authenticity, Technical Specification 2.2 (2025).
    """
    where = _find(evidence, embedded)
    if not where:
        return Provenance("absent", remote=embedded.xmp_values.get("dcterms:provenance", ""))
    try:
        c2pa = importlib.import_module("c2pa")
    except (ImportError, OSError, RuntimeError):
        return Provenance("not checked", where)
    kind = _MEDIA_TYPES.get(evidence.format)
    try:
        settings = c2pa.Settings.from_dict(offline_settings(anchors))
        with c2pa.Context(settings) as context:
            reader = c2pa.Reader(kind, io.BytesIO(evidence.data), context=context)
            with reader:
                text = str(reader.json())
        store = json.loads(text) if len(text) <= _MAX_JSON else None
    except (c2pa.C2paError, ValueError, TypeError, OSError, RecursionError, MemoryError) as error:
        return Provenance("unreadable", where, failures=(printable(error, 120),))
    return _describe(store, where) if isinstance(store, dict) else Provenance("unreadable", where)


def offline_settings(anchors: str = "") -> dict[str, Any]:
    """Settings that keep the C2PA library from reading anything but the file."""
    trust = {"trust": {"trust_anchors": anchors}} if anchors else {}
    return {"verify": dict(_OFFLINE), "core": {"allowed_network_hosts": []}, **trust}


def provenance_facts(provenance: Provenance, known: tuple[Software, ...] = ()) -> Iterator[Fact]:
    """Facts on a manifest; none if there is no manifest.

    Args:
        provenance: what the manifest says.
        known: words by which programs identify themselves.
    """
    if provenance.remote:
        statement = f"The file names a C2PA manifest elsewhere, which was not fetched: {provenance.remote}"
        yield Fact("origin", statement, "notable", "XMP:dcterms:provenance")
    if provenance.state == "absent":
        return
    yield _state_fact(provenance)
    for name, texts in (("actions", provenance.actions), ("ingredients", provenance.ingredients)):
        if texts:
            yield Fact(
                "origin", f"The manifest declares {name}: {', '.join(texts)}.", "neutral", provenance.where
            )
    yield from map(partial(_doubted, provenance), _declared(provenance, known))


def _declared(provenance: Provenance, known: tuple[Software, ...]) -> Iterator[Fact]:
    """How the picture was made, according to the manifest."""
    where = f"C2PA in {provenance.where}"
    for source in dict.fromkeys(provenance.source_types):
        yield source_type_fact(source, where)
    if written_by_generator(provenance.generator, known):
        statement = f"The manifest was written by an image generator: '{provenance.generator[:80]}'."
        yield Fact(GENERATION, statement, "notable", where)
    if provenance.watermarked:
        yield watermark_fact(where)


def _doubted(provenance: Provenance, fact: Fact) -> Fact:
    """The fact with the caution its manifest deserves."""
    if provenance.state == "trusted":
        return fact
    broken = "is not valid" if provenance.state == "invalid" else "has no trusted signer"
    return replace(fact, caution=fact.caution or f"The manifest {broken}.")


def _state_fact(provenance: Provenance) -> Fact:
    signer = f" by '{provenance.issuer}'" if provenance.issuer else ""
    signed = f"signed{signer}{f' at {provenance.signed}' if provenance.signed else ''}"
    where = f"C2PA in {provenance.where}"
    if provenance.state == "trusted":
        return Fact(
            "origin", f"A C2PA manifest is valid; it is {signed}, a trusted signer.", "neutral", where
        )
    if provenance.state == "valid":
        caution = "Anyone can make such a certificate; only a trusted one shows who signed."
        return Fact(
            "origin", f"A C2PA manifest is valid; it is {signed}, not trusted.", "notable", where, caution
        )
    failures = ", ".join(provenance.failures)
    if provenance.state == "invalid":
        changed = any(code.endswith(_CHANGED) for code in provenance.failures)
        statement = f"The file does not match its C2PA manifest, {signed} ({failures})."
        caution = "Programs that re-save a picture and keep its manifest have the same effect."
        return Fact("origin", statement, "contradiction" if changed else "notable", where, caution)
    if provenance.state == "unreadable":
        return Fact(
            "origin", f"There is a C2PA manifest, but it cannot be read ({failures}).", "notable", where
        )
    return Fact(
        "origin",
        "There is a C2PA manifest; it was not checked because the package c2pa-python is not installed.",
        "notable",
        where,
    )


def _find(evidence: Evidence, embedded: Embedded) -> str:
    """Name of the part that holds a manifest store; empty without one."""
    data = evidence.data
    for part in embedded.parts:
        head = data[part.start : min(part.start + 64, part.end)]
        if part.name == "APP11" and head.startswith(b"JP") and b"jumb" in head:
            return "APP11"
        if part.name in {"caBX", "C2PA"} or (part.name == "uuid" and head.startswith(_UUID)):
            return part.name.strip()
    if evidence.format in {"TIFF", "GIF"} and b"jumdc2pa" in data:
        return evidence.format
    return ""


def _describe(store: Mapping[str, Any], where: str) -> Provenance:
    manifest = _dictionary(_dictionary(store.get("manifests")).get(store.get("active_manifest")))
    signature = _dictionary(manifest.get("signature_info"))
    actions = list(_actions(manifest))
    state = {"Trusted": "trusted", "Valid": "valid"}.get(str(store.get("validation_state")), "invalid")
    names = [printable(signature.get(key) or "", 80) for key in ("issuer", "common_name")]
    return Provenance(
        state=state,  # type: ignore[arg-type]
        where=where,
        generator=_generator(manifest),
        issuer=", ".join(name for name in names if name),
        signed=printable(signature.get("time") or "", 40),
        actions=tuple(printable(action.get("action"), 60) for action in actions),
        source_types=tuple(
            printable(action["digitalSourceType"], 200)
            for action in actions
            if action.get("digitalSourceType")
        ),
        ingredients=tuple(
            printable(_dictionary(item).get("title") or "unnamed", 80)
            for item in _sequence(manifest.get("ingredients"))
        ),
        failures=_failures(store),
        watermarked="synthid" in json.dumps(manifest.get("assertions")).lower(),
    )


def _failures(store: Mapping[str, Any]) -> tuple[str, ...]:
    """Codes of failed checks; an unknown signer is not a failure but the state "valid"."""
    codes = (
        printable(_dictionary(item).get("code"), 80) for item in _sequence(store.get("validation_status"))
    )
    return tuple(dict.fromkeys(code for code in codes if code != "signingCredential.untrusted"))


def _generator(manifest: Mapping[str, Any]) -> str:
    info = _dictionary(next(iter(_sequence(manifest.get("claim_generator_info"))), {}))
    name = f"{info.get('name', '')} {info.get('version', '')}".strip()
    return printable(name or manifest.get("claim_generator") or "", 120)


def _actions(manifest: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for assertion in _sequence(manifest.get("assertions")):
        entry = _dictionary(assertion)
        if str(entry.get("label")).startswith("c2pa.actions"):
            yield from (_dictionary(a) for a in _sequence(_dictionary(entry.get("data")).get("actions")))


def _dictionary(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[Any]:
    return value[:_MAX_LISTED] if isinstance(value, list) else []
