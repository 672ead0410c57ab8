"""Evidence: upload, finding, maps, reports, notes, conclusions."""

import io
import json
import os
import shutil
import time
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
import sqlalchemy as sa
from PIL import Image

from tamperlens.service._store import Store
from tamperlens.service._tables import Evidence

from .conftest import BOTH, Workbench
from .test_openapi import ROOT


@pytest.fixture
def case(eve) -> str:
    return eve.case()


@BOTH
def test_from_upload_to_finding_maps_and_reports(workbench, eve, case, tiny):
    taken = eve.upload(case, tiny(), "holiday.jpg")
    assert taken.status_code == 201
    assert (taken.json["state"], taken.json["thumbnail"]) == ("queued", None)
    at = f"/api/v1/evidence/{taken.json['id']}"
    assert eve.get(f"{at}/finding").status_code == 409
    assert eve.get(f"{at}/report.html").status_code == 409
    workbench.work()
    done = eve.get(at).json
    assert (done["state"], done["progress"], done["attempts"]) == ("done", 1.0, 1)
    assert (done["width"], done["height"], done["format"]) == (96, 96, "JPEG")
    view = eve.get(f"{at}/finding").json
    assert view["finding"]["outcome"] == done["outcome"]
    assert view["finding"]["file"] == "holiday.jpg"
    names = [one["name"] for one in view["maps"]]
    assert (names[0], "ela" in names) == ("mask", True)
    assert names == list(view["finding"]["maps"]) == [one["name"] for one in view["says"]["layers"]]
    assert (view["finding"]["score"], done["score"]) == (None, None)  # too small for any error rate
    assert view["says"]["gauge"]["note"].startswith("No score is given, because error rates were measured on")
    for one in view["maps"]:
        answer = eve.get(one["url"])
        assert answer.content_type == "image/png"
        veil = Image.open(io.BytesIO(eve.get(f"{one['url']}?look=veil").data))
        assert veil.convert("RGBA").getextrema()[3][0] < 255
        assert veil.size == (one["width"], one["height"])
        assert Image.open(io.BytesIO(answer.data)).size == (one["width"], one["height"])
    assert eve.get(f"{at}/original").data == eve.get(f"{at}/rendition").data == tiny()
    assert set(view["reports"]) >= {"html", "json"}
    report = json.loads(eve.get(view["reports"]["json"]).data)
    schema = json.loads((ROOT / "docs/finding.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, schema)
    if "pdf" in view["reports"]:
        assert eve.get(view["reports"]["pdf"]).data.startswith(b"%PDF")


def test_the_maps_of_a_running_examination_can_be_seen(workbench, eve, case, tiny, monkeypatch):
    evidence = eve.upload(case, tiny()).json["id"]
    seen = []
    told = type(workbench.worker)._tell

    def tell(worker, key, step, share):
        told(worker, key, step, share)
        seen.append((step, eve.get(f"/api/v1/evidence/{key}/maps/ela").status_code))

    monkeypatch.setattr(type(workbench.worker), "_tell", tell)
    workbench.work()
    steps = dict(seen)
    assert steps["pictures"] == 404
    assert steps["Trace localizer"] == 200
    assert list(steps)[-1].startswith("report")
    assert {"Copy-move", "fusion"} <= set(steps) or len(steps) > 8
    assert eve.get(f"/api/v1/evidence/{evidence}/maps/no-such-map").status_code == 404
    assert eve.get(f"/api/v1/evidence/{evidence}/maps/..%2Freport").status_code == 404


def test_what_is_no_image_is_refused_and_what_is_damaged_fails_with_its_reason(workbench, eve, case, tiny):
    refused = eve.upload(case, b"<html><script>alert(1)</script>", "photo.jpg")
    assert refused.status_code == 415
    assert "supported format" in refused.json["detail"]
    assert eve.post(f"/api/v1/cases/{case}/evidence", data={}).status_code == 422
    damaged = eve.upload(case, tiny()[:300]).json["id"]
    workbench.work()
    shown = eve.get(f"/api/v1/evidence/{damaged}").json
    assert shown["state"] == "failed"
    assert "damaged" in shown["error"]
    assert eve.get(f"/api/v1/evidence/{damaged}/finding").status_code == 409
    assert eve.get(f"/api/v1/evidence/{damaged}/thumbnail").status_code == 404


def test_several_files_come_at_once_and_each_says_what_came_of_it(workbench, eve, case, tiny):
    named = {"a.jpg": tiny(), "b.txt": b"no image", "c.jpg": tiny(1)}

    def hand_in():
        files = [(io.BytesIO(data), name) for name, data in named.items()]
        at, key = f"/api/v1/cases/{case}/evidence/files", {"Idempotency-Key": "all"}
        return eve.post(at, data={"files": files}, headers=key)

    answer = hand_in()
    assert answer.status_code == 200, answer.text
    told = [(one["name"], bool(one["evidence"]), one["problem"] or "") for one in answer.json["items"]]
    assert [one[:2] for one in told] == [("a.jpg", True), ("b.txt", False), ("c.jpg", True)]
    assert "not an image in a supported format" in told[1][2]
    assert hand_in().json == answer.json
    assert eve.get(f"/api/v1/cases/{case}/evidence").json["total"] == 2
    assert workbench.work() == 2


def test_each_of_several_files_counts(workbench, eve, case, tiny, monkeypatch):
    monkeypatch.setitem(workbench.app.extensions["tamperlens.settings"].limits, "uploads, one user", (2, 60))
    files = [(io.BytesIO(tiny(number)), f"{number}.jpg") for number in range(3)]
    assert eve.post(f"/api/v1/cases/{case}/evidence/files", data={"files": files}).status_code == 429
    assert eve.get(f"/api/v1/cases/{case}/evidence").json["total"] == 0


def test_a_file_over_the_limit_is_refused(workbench, eve, case, tiny):
    workbench.app.config["MAX_CONTENT_LENGTH"] = 1000
    assert eve.upload(case, tiny()).status_code == 413


def test_an_image_that_declares_too_much_is_not_decoded(workbench, eve, case, as_format):
    workbench.settings = replace(workbench.settings, max_mpx=0.001)
    evidence = eve.upload(case, as_format("PNG")).json["id"]
    workbench.work()
    assert "limit" in eve.get(f"/api/v1/evidence/{evidence}").json["error"]


@BOTH
def test_the_same_bytes_are_stored_and_examined_once(workbench, eve, case, tiny):
    bob = workbench.person("Bob")
    first = eve.upload(case, tiny(), "holiday.jpg").json["id"]
    second = bob.upload(bob.case(), tiny(), "secret-name.png").json["id"]
    workbench.work()
    own, other = eve.get(f"/api/v1/evidence/{first}").json, bob.get(f"/api/v1/evidence/{second}").json
    assert (own["duplicate"], other["duplicate"]) == (False, True)
    assert own["score"] == other["score"]
    assert len(list((workbench.settings.store / "originals").glob("*/*"))) == 1
    for person, key, name, foreign in (
        (eve, first, "holiday.jpg", "secret"),
        (bob, second, "secret-name", "holiday"),
    ):
        for kind in ("html", "json"):
            text = person.get(f"/api/v1/evidence/{key}/report.{kind}").text
            assert name in text
            assert foreign not in text
    warnings = bob.get(f"/api/v1/evidence/{second}/finding").json["finding"]["evidence"]["warnings"]
    assert warnings == ["the name ends in '.png', but the content is JPEG"]


def test_an_original_is_never_altered(workbench, eve, case, tiny):
    sha256 = eve.upload(case, tiny()).json["sha256"]
    store = Store(workbench.settings.store)
    path = store.original(sha256)
    assert path.stat().st_mode & 0o222 == 0
    assert store.is_intact(sha256)
    before = path.stat().st_mtime_ns
    eve.upload(case, tiny())
    assert path.stat().st_mtime_ns == before
    assert list((workbench.settings.store / "incoming").iterdir()) == []


@pytest.mark.parametrize("kind", ["TIFF", "PNG", "GIF", "WEBP"])
def test_a_browser_is_given_what_it_can_show(workbench, eve, case, as_format, kind):
    evidence = eve.upload(case, as_format(kind), f"photo.{kind.lower()}").json["id"]
    workbench.work()
    shown = eve.get(f"/api/v1/evidence/{evidence}/rendition")
    assert shown.content_type == ("image/png" if kind == "TIFF" else f"image/{kind.lower()}")
    picture = np.asarray(Image.open(io.BytesIO(shown.data)).convert("RGB"))
    assert np.array_equal(picture, np.asarray(Image.open(io.BytesIO(as_format(kind))).convert("RGB")))


def test_names_are_shown_as_text_whatever_they_hold(workbench, eve, case, tiny):
    name = "../<img src=x onerror=alert(1)>\u202e.jpg"
    evidence = eve.upload(case, tiny(), name).json
    assert "/" not in evidence["name"]
    workbench.work()
    at = f"/api/v1/evidence/{evidence['id']}"
    report = eve.get(f"{at}/report.html")
    assert "<img src=x" not in report.text
    assert "&lt;img src=x" in report.text
    for path in ("original", "report.html?download=1", "report.json"):
        headers = eve.get(f"{at}/{path}").headers
        assert headers["Content-Disposition"].startswith("attachment")
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_report_is_shown_apart_from_the_site(workbench, eve, case, tiny):
    evidence = eve.upload(case, tiny()).json["id"]
    workbench.work()
    answer = eve.get(f"/api/v1/evidence/{evidence}/report.html")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox")
    assert "allow-same-origin" not in policy
    assert "script-src 'sha256-" in answer.text


@BOTH
def test_notes_are_added_and_conclusions_stand_beside_the_machines(workbench, eve, case, tiny):
    evidence = eve.upload(case, tiny()).json["id"]
    at = f"/api/v1/evidence/{evidence}"
    workbench.work()
    machine = eve.get(at).json["outcome"]
    for text in ("first", "second\nline"):
        assert eve.post(f"{at}/notes", json={"text": text}).status_code == 201
    assert [note["text"] for note in eve.get(f"{at}/notes").json["items"]] == ["first", "second\nline"]
    assert eve.post(f"{at}/notes", json={"text": ""}).status_code == 422
    for outcome in ("inconsistent", "inconclusive"):
        assert eve.conclude(evidence, outcome, "why").status_code == 200
    shown = eve.get(at).json
    assert (shown["notes"], shown["outcome"]) == (2, machine)
    assert [(one["by"], one["outcome"]) for one in shown["conclusions"]] == [("Eve", "inconclusive")]
    actions = [record["action"] for record in eve.get(f"{at}/history").json["items"]]
    assert actions.count("concluded") == 2


@BOTH
def test_previous_and_next_follow_the_list_as_it_is_sorted_and_filtered(eve, case, tiny):
    keys = {name: eve.upload(case, tiny(n), name).json["id"] for n, name in enumerate(("y", "x", "xz"))}

    def beside(name: str, query: str = "") -> tuple:
        found = eve.get(f"/api/v1/evidence/{keys[name]}/neighbours?{query}").json
        return found["previous"], found["next"], found["position"], found["total"]

    assert beside("y") == (keys["x"], None, 3, 3)  # the newest first
    assert beside("xz", "sort=name") == (keys["x"], keys["y"], 2, 3)
    assert beside("xz", "sort=name&search=x") == (keys["x"], None, 2, 2)
    assert beside("y", "search=x") == (None, None, None, None)


@BOTH
def test_evidence_is_listed_filtered_and_sorted(workbench, eve, case, tiny):
    for number, name in enumerate(("b.jpg", "a.jpg")):
        eve.upload(case, tiny(number), name)
    workbench.work()
    eve.upload(case, tiny(2), "c.jpg")

    def names(query: str) -> list[str]:
        return [one["name"] for one in eve.get(f"/api/v1/cases/{case}/evidence?{query}").json["items"]]

    assert names("sort=name") == ["a.jpg", "b.jpg", "c.jpg"]
    assert names("") == ["c.jpg", "a.jpg", "b.jpg"]
    assert names("state=queued") == ["c.jpg"]
    with workbench.database.write() as session:
        scored = session.scalars(sa.select(Evidence).where(Evidence.name == "b.jpg")).one()
        scored.finding.score = 0.7
    assert names("sort=score")[0] == "b.jpg"  # those without a score come last
    assert names("search=B.J") == ["b.jpg"]
    assert (
        len(names("outcome=consistent") + names("outcome=inconclusive") + names("outcome=inconsistent")) == 2
    )


def test_a_finding_whose_files_are_gone_is_made_again(workbench, eve, case, tiny):
    evidence = eve.upload(case, tiny()).json
    workbench.work()
    shutil.rmtree(workbench.settings.store / "made")
    at = f"/api/v1/evidence/{evidence['id']}"
    for path in ("finding", "report.html", "report.json"):
        answer = eve.get(f"{at}/{path}")
        assert (answer.status_code, "examine" in answer.json["detail"]) == (409, True)
    assert eve.get(f"{at}/thumbnail").status_code == 404
    eve.post(f"{at}/retry")
    workbench.work()
    assert eve.get(f"{at}/finding").status_code == 200
    assert eve.get(f"{at}/thumbnail").status_code == 200


def test_an_upload_is_taken_while_the_queue_is_out_of_reach(settings, tiny):
    settings.home.mkdir()
    opened = Workbench(replace(settings, jobs="redis://127.0.0.1:1/0"))
    person = opened.person("Eve")
    taken = person.upload(person.case(), tiny())
    assert (taken.status_code, taken.json["state"]) == (201, "queued")
    opened.close()


def test_what_a_killed_process_left_half_written_goes_after_a_day(workbench):
    store = Store(workbench.settings.store)
    for name, hours in (("old", 25), ("fresh", 1)):
        (store.folder / "incoming" / name).mkdir()
        at = time.time() - 3600 * hours
        os.utime(store.folder / "incoming" / name, (at, at))
    store.tidy()
    assert [path.name for path in (store.folder / "incoming").iterdir()] == ["fresh"]
