"""The registry of originals, and the fingerprints that it compares."""

import imagehash
import numpy as np
import pytest
from PIL import Image

from tamperlens.evidence import encode_jpeg
from tamperlens.service._fingerprints import NEAR, perceptual_hash

from .conftest import BOTH


def distance(one, other):
    """How many bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_the_hash_survives_what_messengers_do_and_tells_pictures_apart(photo):
    whole = perceptual_hash(photo)
    small = np.asarray(Image.fromarray(photo).resize((192, 128)))
    again = np.asarray(Image.open(__import__("io").BytesIO(encode_jpeg(photo, 40))))
    assert distance(whole, perceptual_hash(small)) <= NEAR
    assert distance(whole, perceptual_hash(again)) <= NEAR
    assert distance(whole, perceptual_hash(np.ascontiguousarray(photo[:, ::-1]))) > 2 * NEAR


def test_the_hash_is_that_of_imagehash_but_for_bits_at_the_median(photo):
    # The reference: 64 bits of the same transform. Roundings differ where a value is next to the median.
    theirs = str(imagehash.phash(Image.fromarray(photo)))
    assert distance(perceptual_hash(photo), theirs) <= 2


def test_an_original_of_a_foreign_case_is_named_and_not_shown(workbench, eve, photo):
    pixels = photo[:128, :192]
    hidden = eve.upload(eve.case(), encode_jpeg(pixels, 95)).json["id"]
    bob = workbench.person("Bob")
    seen = bob.upload(bob.case(), encode_jpeg(pixels, 60)).json["id"]
    workbench.work()
    eve.post("/api/v1/registry", json={"label": "From the camera", "evidence_id": hidden})
    found = bob.get(f"/api/v1/evidence/{seen}/match").json
    assert (found["label"], found["how"], found["evidence_id"]) == ("From the camera", "perceptual", None)


@BOTH
def test_later_and_earlier_uploads_are_matched(workbench, eve, photo):
    case = eve.case()
    pixels = photo[:128, :192]
    original = eve.upload(case, encode_jpeg(pixels, 95)).json["id"]
    earlier = eve.upload(case, encode_jpeg(pixels, 60)).json["id"]
    other = eve.upload(case, encode_jpeg(np.ascontiguousarray(photo[128:, 192:]), 90)).json["id"]
    workbench.work()
    made = eve.post("/api/v1/registry", json={"label": "From the camera", "evidence_id": original})
    assert made.status_code == 201
    same = eve.upload(case, encode_jpeg(pixels, 95)).json  # is known before it is examined
    assert (same["state"], same["match"]["label"], same["match"]["how"]) == (
        "queued",
        "From the camera",
        "exact",
    )
    later = eve.upload(case, encode_jpeg(pixels, 70)).json["id"]
    workbench.work()

    def match(key: str):
        return eve.get(f"/api/v1/evidence/{key}").json["match"]

    assert (match(original)["how"], match(original)["distance"]) == ("exact", 0)
    assert match(earlier)["how"] == match(later)["how"] == "perceptual"
    assert match(later)["distance"] <= NEAR
    assert match(other) is None
    assert eve.post("/api/v1/registry", json={"label": "x", "evidence_id": original}).status_code == 409
    found = eve.get(f"/api/v1/evidence/{later}/match").json
    assert (found["label"], found["evidence_id"]) == ("From the camera", original)
    assert eve.get(f"/api/v1/evidence/{other}/match").status_code == 404
    ada = workbench.person("Ada", "administrator")
    assert ada.ask("DELETE", f"/api/v1/registry/{made.json['id']}").status_code == 204
    assert match(original) is None


def test_a_foreign_case_cannot_be_registered_from(workbench, eve, tiny):
    key = eve.upload(eve.case(), tiny()).json["id"]
    bob = workbench.person("Bob")
    assert bob.post("/api/v1/registry", json={"label": "x", "evidence_id": key}).status_code == 404


@pytest.mark.parametrize("given", [{}, {"perceptual": "0" * 16}, {"sha256": "0" * 63}, {"sha256": "A" * 64}])
def test_fingerprints_must_be_whole(eve, given):
    assert eve.post("/api/v1/registry", json={"label": "x", **given}).status_code == 422


def test_fingerprints_of_a_file_that_is_not_here_match_its_later_upload(workbench, eve, tiny):
    import hashlib

    sha256 = hashlib.sha256(tiny()).hexdigest()
    assert eve.post("/api/v1/registry", json={"label": "Agency", "sha256": sha256}).status_code == 201
    key = eve.upload(eve.case(), tiny()).json["id"]
    workbench.work()
    assert eve.get(f"/api/v1/evidence/{key}").json["match"]["label"] == "Agency"
    assert eve.get("/api/v1/registry").json["total"] == 1
