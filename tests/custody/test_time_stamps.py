"""Time stamps against an authority made with OpenSSL."""

import subprocess

import pytest

from tamperlens.custody import Trusted, load_authorities, make_bundle, request_stamp, verify_bundle
from tamperlens.custody._container import pack, unpack
from tamperlens.errors import CustodyError

from .conftest import CREATED, make_authority


@pytest.fixture
def stamped(authority, item, key) -> bytes:
    return make_bundle([item], key, CREATED, lambda signature: request_stamp(authority.url, signature))


def time_check(data, *certificates):
    trusted = Trusted(authorities=tuple(one for path in certificates for one in load_authorities(path)))
    return next(check for check in verify_bundle(data, trusted).checks if check.name == "time")


def test_a_stamp_of_the_trusted_authority_holds(stamped, authority):
    assert time_check(stamped, authority.certificate).state == "passed"


def test_without_a_trusted_authority_the_time_is_only_told(stamped):
    check = time_check(stamped)
    assert check.state == "not asked"
    assert "--tsa-cert" in check.says


def test_openssl_agrees(stamped, authority, tmp_path):
    for name in ("manifest.sig", "timestamp.tsr"):
        (tmp_path / name).write_bytes(unpack(stamped).members[name])
    words = ["openssl", "ts", "-verify", "-data", "manifest.sig", "-in", "timestamp.tsr", "-CAfile"]
    done = subprocess.run(
        [*words, authority.certificate], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in done.stdout + done.stderr


def test_a_stamp_of_another_authority_fails(stamped, authority, tmp_path):
    make_authority(tmp_path)
    assert time_check(stamped, tmp_path / "root.pem").state == "failed"


def test_a_stamp_of_an_expired_authority_fails(authority, item, key, tmp_path):
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    answer = make_authority(tmp_path, days="-1")

    def stamp(signature):
        query = TimestampRequestBuilder().data(signature).hash_algorithm(HashAlgorithm.SHA256).build()
        return answer(query.as_bytes())

    late = make_bundle([item], key, CREATED, stamp)
    assert time_check(late, tmp_path / "root.pem").state == "failed"


def test_a_stamp_of_another_signature_fails(stamped, item, key, authority):
    other = make_bundle([item], key, "2026-02-01T00:00:00+00:00")
    moved = pack({**unpack(other).members, "timestamp.tsr": unpack(stamped).members["timestamp.tsr"]})
    assert time_check(moved, authority.certificate).state == "failed"
    assert time_check(moved).state == "failed"


def test_a_damaged_stamp_fails(stamped, authority):
    good = unpack(stamped).members
    for place in range(0, len(good["timestamp.tsr"]), 7):
        altered = bytearray(good["timestamp.tsr"])
        altered[place] ^= 0x55
        data = pack({**good, "timestamp.tsr": bytes(altered)})
        assert time_check(data, authority.certificate).state == "failed", place


def test_a_stamp_that_was_asked_for_must_be_there(bundle, authority):
    assert time_check(bundle, authority.certificate).state == "not possible"
    assert time_check(bundle).state == "not asked"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x", "http://127.0.0.1:1/"])
def test_no_authority_is_one_sentence(url):
    with pytest.raises(CustodyError, match="authority"):
        request_stamp(url, b"signature")
