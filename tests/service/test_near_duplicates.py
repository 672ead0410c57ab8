"""Images that show the same are counted in lists and told one by one, across the cases that one may see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamperlens.evidence import encode_jpeg
from tamperlens.service._fingerprints import NEAR, lookalikes

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


@BOTH
def test_a_list_holds_only_those_that_others_show_too_page_by_page(workbench, eve, pictures):
    first, again, other = pictures
    case, elsewhere, foreign = eve.case(), eve.case(), workbench.person("Bob")
    for n, data in enumerate((first, again, other)):
        eve.upload(case, data, f"{n}.jpg")
    foreign.upload(foreign.case(), other, "hidden.jpg")
    workbench.work()

    def listed(more: str = "", where: str = case) -> list[str]:
        found = eve.get(f"/api/v1/cases/{where}/evidence?near_duplicates=true&sort=name{more}").json
        assert found["total"] >= len(found["items"])
        return [one["name"] for one in found["items"]]

    assert listed() == ["0.jpg", "1.jpg"]
    assert [listed(f"&per_page=1&page={number}") for number in (1, 2, 3)] == [["0.jpg"], ["1.jpg"], []]
    assert listed("&search=1.jpg") == ["1.jpg"]
    eve.upload(elsewhere, other, "copy.jpg")
    assert listed() == ["0.jpg", "1.jpg", "2.jpg"]
    assert listed(where=elsewhere) == ["copy.jpg"]
    at = f"/api/v1/cases/{case}/evidence/keys?near_duplicates=true&sort=name"
    keys = eve.get(at).json["keys"]
    assert len(keys) == 3
    beside = eve.get(f"/api/v1/evidence/{keys[1]}/neighbours?near_duplicates=true&sort=name").json
    assert (beside["previous"], beside["next"], beside["total"]) == (keys[0], keys[2], 3)


@given(
    st.lists(st.integers(0, 2**64 - 1), max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.sets(st.integers(0, 63), max_size=8)), max_size=12),
)
def test_lookalikes_are_those_that_differ_little_from_another(fresh, changed):
    prints = list(fresh)
    for place, bits in changed:
        if place < len(fresh):
            prints.append(fresh[place] ^ sum(1 << bit for bit in bits))
    named = {str(number): bits for number, bits in enumerate(prints)}
    slow = {
        key
        for key, bits in named.items()
        if any(other != key and (bits ^ more).bit_count() <= NEAR for other, more in named.items())
    }
    assert lookalikes([*((key, f"{bits:016x}") for key, bits in named.items()), ("none", None)]) == slow


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
