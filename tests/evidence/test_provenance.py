"""Content credentials: manifests signed here, with a certificate made here, whole and tampered with."""

import datetime
import http.server
import io
import json
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tamperlens.evidence import load_evidence
from tamperlens.evidence._embedded import read_embedded
from tamperlens.evidence._provenance import offline_settings, provenance_facts, read_provenance

c2pa = pytest.importorskip("c2pa")
pytest.importorskip("cryptography")

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST = {
    "claim_generator_info": [{"name": "Test maker", "version": "1.0"}],
    "title": "ramp",
    "assertions": [
        {
            "label": "c2pa.actions",
            "data": {
                "actions": [
                    {"action": "c2pa.created", "digitalSourceType": TRAINED},
                    {"action": "c2pa.edited"},
                ]
            },
        }
    ],
}


@pytest.fixture(scope="module")
def credentials():
    """A signer and its root certificate, both made for this test."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(text):
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "House of Tests"),
                x509.NameAttribute(NameOID.COMMON_NAME, text),
            ]
        )

    def certificate(subject, key, authority):
        now = datetime.datetime.now(datetime.UTC)
        usage = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("Root"))
        builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now - datetime.timedelta(days=1))
        builder = builder.not_valid_after(now + datetime.timedelta(days=2))
        builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
        ca = {"digital_signature": not authority, "key_cert_sign": authority, "crl_sign": authority}
        builder = builder.add_extension(x509.KeyUsage(**usage, **ca), critical=True)
        if not authority:
            purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(purpose, critical=False)
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
            builder = builder.add_extension(issuer, critical=False)
        own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        return builder.add_extension(own, critical=False).sign(root_key, hashes.SHA256())

    root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root, leaf = certificate("Root", root_key, True), certificate("Signer", leaf_key, False)
    pem = [c.public_bytes(serialization.Encoding.PEM) for c in (leaf, root)]
    private = leaf_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return c2pa.C2paSignerInfo(b"es256", b"".join(pem), private, None), pem[1].decode()


def _sign(credentials, kind="JPEG", manifest=MANIFEST, embed=True):
    buffer, signed = io.BytesIO(), io.BytesIO()
    ramp = np.add.outer(np.arange(96), np.arange(128)).astype(np.uint8)
    Image.fromarray(np.dstack([ramp] * 3)).save(buffer, kind)
    buffer.seek(0)
    context = c2pa.Context(c2pa.Settings.from_dict({"builder": {"thumbnail": {"enabled": False}}}))
    builder = c2pa.Builder(json.dumps(manifest), context)
    if not embed:
        builder.set_no_embed()
        builder.set_remote_url(embed_url[0])
    with c2pa.Signer.from_info(credentials[0]) as signer:
        builder.sign(signer, f"image/{kind.lower()}", buffer, signed)
    return signed.getvalue()


embed_url = [""]


@pytest.fixture(scope="module")
def signed(credentials):
    return _sign(credentials)


def _read(data, anchors=""):
    evidence = load_evidence(data)
    return read_provenance(evidence, read_embedded(evidence), anchors)


def _weights(provenance):
    return {fact.weight for fact in provenance_facts(provenance)}


@pytest.mark.parametrize(("kind", "where"), [("JPEG", "APP11"), ("PNG", "caBX"), ("WEBP", "C2PA")])
def test_a_manifest_holds_without_being_trusted(credentials, kind, where):
    found = _read(_sign(credentials, kind))
    assert (found.state, found.where) == ("valid", where)
    assert found.generator == "Test maker 1.0"
    assert found.issuer == "House of Tests, Signer"
    assert found.actions == ("c2pa.created", "c2pa.edited")
    assert found.source_types == (TRAINED,)
    facts = list(provenance_facts(found))
    assert any("not trusted" in fact.statement for fact in facts)
    assert any("made by a trained model" in fact.statement for fact in facts)


def test_trust_needs_an_anchor(credentials, signed):
    assert _read(signed, credentials[1]).state == "trusted"
    assert _read(signed, "no certificate").state in {"valid", "unreadable"}


def test_a_changed_picture_does_not_fit_its_manifest(credentials, signed):
    changed = bytearray(signed)
    changed[-40] ^= 1
    found = _read(bytes(changed), credentials[1])
    assert found.state == "invalid"
    assert found.failures == ("assertion.dataHash.mismatch",)
    assert "contradiction" in _weights(found)


def test_a_changed_claim_does_not_fit_its_signature(credentials, signed):
    assert signed.count(b"Test maker") == 1
    found = _read(signed.replace(b"Test maker", b"Best maker"), credentials[1])
    assert found.state in {"invalid", "unreadable"}
    assert found.state != "valid"


def test_a_manifest_of_another_picture_is_found_out(credentials, signed):
    """The segment lifted from one file into another."""
    start = signed.index(b"\xff\xeb")
    end = start + 2 + int.from_bytes(signed[start + 2 : start + 4], "big")
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((128, 96)).convert("RGB").save(buffer, "JPEG")
    plain = buffer.getvalue()
    found = _read(plain[:20] + signed[start:end] + plain[20:], credentials[1])
    assert found.state == "invalid"
    assert "contradiction" in _weights(found)


def test_without_a_manifest_there_is_nothing_to_say(photo_evidence):
    found = read_provenance(photo_evidence, read_embedded(photo_evidence))
    assert found.state == "absent"
    assert not list(provenance_facts(found))


def test_without_the_package_presence_alone_is_reported(signed, monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", None)
    found = _read(signed)
    assert (found.state, found.where, found.issuer) == ("not checked", "APP11", "")
    assert any("not installed" in fact.statement for fact in provenance_facts(found))


def test_nothing_is_fetched(credentials):
    """A manifest kept elsewhere is asked for by the library's defaults and not by ours."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        embed_url[0] = f"http://127.0.0.1:{server.server_port}/manifest.c2pa"
        data = _sign(credentials, embed=False)
        for given_settings, expected in (({}, 1), (offline_settings(), 1)):
            context = c2pa.Context(c2pa.Settings.from_dict(given_settings))
            with pytest.raises(c2pa.C2paError):
                c2pa.Reader("image/jpeg", io.BytesIO(data), context=context)
            assert len(asked) == expected
        found = _read(data)
        assert len(asked) == 1
        assert found.remote == embed_url[0]
        assert any("not fetched" in fact.statement for fact in provenance_facts(found))
    finally:
        server.shutdown()
        server.server_close()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_manifests_neither_raise_nor_hold(signed, data):
    start = signed.index(b"\xff\xeb") + 4
    end = start - 2 + int.from_bytes(signed[start - 2 : start], "big")
    damaged = bytearray(signed)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(start, end - 1))] ^= data.draw(st.integers(1, 255))
    found = _read(bytes(damaged))
    assert all(
        text.isprintable() for text in (*found.failures, found.issuer, found.generator, *found.actions)
    )
    list(provenance_facts(found))
