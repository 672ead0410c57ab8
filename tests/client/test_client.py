"""A program in a workbench: the client speaks with the real application, and with ones that fail."""

import importlib.util
from pathlib import Path

import httpx
import pytest
from tests.service.conftest import database_url, eve, settings, tiny, workbench  # noqa: F401 - its fixtures

from tamperlens.client import Workbench
from tamperlens.client import _asking as asking
from tamperlens.errors import RefusedError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def client(workbench, eve):  # noqa: F811
    token = workbench.program("Eve").headers["Authorization"].removeprefix("Bearer ")
    with Workbench("http://localhost", token, transport=httpx.WSGITransport(workbench.app)) as opened:
        yield opened


def test_the_committed_client_is_what_the_document_gives():
    where = importlib.util.spec_from_file_location("make_client", ROOT / "docs/make_client.py")
    maker = importlib.util.module_from_spec(where)
    where.loader.exec_module(maker)
    for name, text in maker.made().items():
        assert (maker.CLIENT / name).read_text(encoding="utf-8") == text, "run: python docs/make_client.py"


def test_from_a_case_to_a_conclusion(client, workbench, tiny, tmp_path):  # noqa: F811
    case = client.open_case({"title": "Claim 1234"})
    photo = tmp_path / "kitchen.jpg"
    photo.write_bytes(tiny())
    image = client.upload_evidence(case["id"], photo)
    assert (image["name"], image["state"]) == ("kitchen.jpg", "queued")
    workbench.work()
    image = client.wait(image["id"], seconds=5)
    assert image["state"] == "done"
    assert client.report_json(image["id"]).startswith(b"{")
    client.add_note(image["id"], {"text": "asked for the original"})
    mine = client.conclude(image["id"], {"outcome": "consistent"}, if_none_match="*")
    changed = client.conclude(image["id"], {"outcome": "inconclusive"}, if_match=mine["id"])
    assert client.list_conclusions(image["id"])["items"][0]["id"] == changed["id"]
    with pytest.raises(RefusedError, match="was changed since you read it") as refused:
        client.conclude(image["id"], {"outcome": "inconsistent"}, if_match=mine["id"])
    assert refused.value.status == 412


def test_every_item_of_a_list_comes(client, monkeypatch):
    case = client.open_case({"title": "Claim"})
    files = [(f"{name}.jpg", b"\xff\xd8\xff\xe0" + name.encode() * 600) for name in "abc"]
    assert [bool(one["evidence"]) for one in client.upload_files(case["id"], files)["items"]] == [True] * 3

    def two_a_page(*where, per_page, **which):
        return client.list_evidence(*where, per_page=min(per_page, 2), sort="name", **which)

    assert [one["name"] for one in client.each(two_a_page, case["id"])] == ["a.jpg", "b.jpg", "c.jpg"]


def test_a_wrong_field_is_named(client):
    with pytest.raises(RefusedError) as refused:
        client.open_case({"title": ""})
    assert refused.value.status == 422
    assert "title" in refused.value.errors["json"]


def test_a_wait_that_never_ends_says_so(client, tiny):  # noqa: F811
    case = client.open_case({"title": "Claim"})
    image = client.upload_evidence(case["id"], ("a.jpg", tiny()))
    with pytest.raises(RefusedError, match=r"a\.jpg is still queued"):
        client.wait(image["id"], seconds=0.05, every=0.01)


def _against(answer, monkeypatch, seen):
    monkeypatch.setattr(asking, "_FIRST_WAIT", 0.0)

    def handle(request):
        seen.append(request)
        return answer(len(seen))

    return Workbench("http://localhost", "tl_x", transport=httpx.MockTransport(handle))


def test_another_try_has_the_same_key_so_that_nothing_is_done_twice(monkeypatch):
    seen: list[httpx.Request] = []

    def answer(number):
        if number == 1:
            raise httpx.ReadError("the connection is lost")
        if number == 2:
            return httpx.Response(503, json={"detail": "busy"}, headers={"Retry-After": "0"})
        return httpx.Response(201, json={"id": "x"})

    assert _against(answer, monkeypatch, seen).open_case({"title": "Claim"}) == {"id": "x"}
    assert len(seen) == 3
    assert len({request.headers["Idempotency-Key"] for request in seen}) == 1


def test_what_was_refused_is_not_tried_again(monkeypatch):
    seen: list[httpx.Request] = []
    client = _against(lambda _: httpx.Response(403, json={"detail": "not yours"}), monkeypatch, seen)
    with pytest.raises(RefusedError, match="not yours"):
        client.show_case("0" * 32)
    assert len(seen) == 1


def test_a_workbench_that_is_gone_says_so_at_last(monkeypatch):
    seen: list[httpx.Request] = []

    def answer(_number):
        raise httpx.ConnectError("refused")

    with pytest.raises(RefusedError, match="does not answer: refused"):
        _against(answer, monkeypatch, seen).who_am_i()
    assert len(seen) == 4


def test_an_answer_of_something_in_between_is_told(monkeypatch):
    client = _against(lambda _: httpx.Response(502, text="<html>"), monkeypatch, [])
    with pytest.raises(RefusedError, match="502 Bad Gateway"):
        client.who_am_i()


def test_events_are_read(monkeypatch):
    stream = b'event: progress\ndata: {"progress": 0.5}\n\nevent: end\ndata: {}\n\n'
    client = _against(lambda _: httpx.Response(200, content=stream), monkeypatch, [])
    assert list(client.evidence_progress("0" * 32)) == [("progress", {"progress": 0.5}), ("end", {})]
