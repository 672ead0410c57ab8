"""Images that show the same are counted in lists and told one by one, across the cases that one may see."""

import numpy as np
import pytest

from tamperlens.evidence import encode_jpeg

from .conftest import BOTH


@pytest.fixture
def pictures(photo):
    """A picture saved twice, and another part of the photograph."""
    pixels = np.ascontiguousarray(photo[:128, :192])
    other = np.ascontiguousarray(photo[128:, 192:])
    return encode_jpeg(pixels, 95), encode_jpeg(pixels, 60), encode_jpeg(other, 90)


def counted(person, case):
    listed = person.get(f"/api/v1/cases/{case}/evidence?sort=name").json["items"]
    return [one["near_duplicates"] for one in listed]


@BOTH
def test_they_are_found_in_the_case_and_beyond_it(workbench, eve, pictures):
    first, again, other = pictures
    here, there = eve.case(), eve.case()
    keys = [eve.upload(here, data, f"{n}.jpg").json["id"] for n, data in enumerate((first, again, other))]
    same = eve.upload(there, first, "copy.jpg").json["id"]
    assert counted(eve, here) == [1, 0, 0]  # equal bytes are known at once, what they show is not yet
    workbench.work()
    assert counted(eve, here) == [2, 2, 0]
    assert counted(eve, there) == [2]
    items = eve.get(f"/api/v1/evidence/{keys[0]}/near-duplicates").json["items"]
    assert [(one["id"], one["how"], one["case_id"]) for one in items] == [
        (same, "exact", there),
        (keys[1], "perceptual", here),
    ]
    assert items[0]["distance"] == 0
    assert eve.get(f"/api/v1/evidence/{keys[2]}/near-duplicates").json["items"] == []


def test_what_one_may_not_see_is_neither_told_nor_counted(workbench, eve, pictures):
    case = eve.case()
    seen = eve.upload(case, pictures[0]).json["id"]
    bob = workbench.person("Bob")
    hidden = bob.upload(bob.case(), pictures[1]).json["id"]
    workbench.work()
    assert counted(eve, case) == [0]
    assert eve.get(f"/api/v1/evidence/{seen}/near-duplicates").json["items"] == []
    assert eve.get(f"/api/v1/evidence/{hidden}/near-duplicates").status_code == 404


def test_an_image_that_cannot_be_decoded_resembles_only_its_own_bytes(workbench, eve, tiny):
    case, broken = eve.case(), tiny()[:60]
    for _ in range(2):
        assert eve.upload(case, broken).status_code == 201
    workbench.work()
    assert counted(eve, case) == [1, 1]
