"""Words find cases and evidence, in any script, and never what belongs to others."""

import io

import pytest
from PIL import Image

from tamperlens.service._folding import folded

from .conftest import BOTH

SAME = [
    ("ÉTÉ", "été"),
    ("STRASSE", "straße"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("ﬁn", "FIN"),
    ("Москва", "МОСКВА"),
    ("ＡＢＣ", "abc"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_letters_are_one_whatever_their_case_and_width(one, other):
    assert folded(one) == folded(other)


def camera_file() -> bytes:
    picture = Image.effect_noise((96, 96), 60).convert("RGB")
    exif = picture.getexif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Lumen", "Argus 7", "2024:03:05 10:11:12"
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


@BOTH
def test_evidence_is_found_by_all_that_is_known_and_was_written_of_it(workbench, eve, tiny):
    case = eve.case("Straße nach МОСКВА")
    key = eve.upload(case, camera_file(), "Été_写真.jpg").json["id"]
    other = eve.upload(case, tiny(), "plain.jpg").json["id"]
    workbench.work()
    eve.post(f"/api/v1/evidence/{other}/notes", json={"text": "Der Schatten fällt FALSCH, 100%"})
    eve.conclude(other, "inconsistent", "Ὀδυσσεύς")
    one = eve.get(f"/api/v1/evidence/{key}").json

    def found(words: str) -> list[str]:
        return [item["id"] for item in eve.get("/api/v1/search", query_string={"words": words}).json["items"]]

    for words in (
        "été",
        "写真",
        "ARGUS 7",
        "lumen été",
        "2024-03-05",
        "2024:03:05",
        one["sha256"][:12].upper(),
    ):
        assert found(words) == [key], words
    for words in ("falsch schatten", "ὈΔΥΣΣΕΎΣ", "100%"):
        assert found(words) == [other], words
    assert found("falsch lumen") == []
    assert found("%") == [other]
    assert set(found(one["outcome"])) >= {key}
    answer = eve.get("/api/v1/search?words=strasse москва").json
    assert ([item["title"] for item in answer["cases"]], answer["total"]) == (["Straße nach МОСКВА"], 0)
    listed = eve.get(f"/api/v1/cases/{case}/evidence", query_string={"search": "ÉTÉ"}).json["items"]
    assert [item["id"] for item in listed] == [key]
    assert eve.get("/api/v1/cases?search=STRASSE").json["total"] == 1


def test_nobody_finds_what_is_not_theirs(workbench, eve, tiny):
    eve.upload(eve.case("Secret"), tiny(), "secret.jpg")
    mallory = workbench.person("Mallory", "administrator").get("/api/v1/search?words=secret").json
    assert (mallory["cases"], mallory["items"], mallory["total"]) == ([], [], 0)


def test_what_to_look_at_first_comes_first(workbench, eve, tiny):
    case = eve.case()
    for number, name in enumerate(("a", "b")):
        eve.upload(case, tiny(number), name)
    workbench.work()
    eve.upload(case, tiny(2), "c")
    items = eve.get(f"/api/v1/cases/{case}/evidence?sort=priority").json["items"]
    assert [item["priority"] for item in items] == ["low", "low", None]
