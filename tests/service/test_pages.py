"""What every answer carries, and the front end's files."""

from dataclasses import replace
from importlib import import_module

import pytest

from .conftest import Person, Workbench

pages = import_module("tamperlens.service.web.routes._pages")  # the package has a blueprint of that name


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/health", "/api/v1/session", "/api/v1/nothing", "/openapi.json"]
)
def test_every_answer_has_its_headers(workbench, path):
    headers = workbench.anonymous().get(path).headers
    policy = headers["Content-Security-Policy"]
    for words in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert words in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert ("no-store" in headers.get("Cache-Control", "")) == path.startswith("/api/v1/")


def test_errors_of_the_api_are_json(workbench):
    for path, status in (("/api/v1/nothing", 404), ("/api/v1/cases", 401)):
        answer = workbench.anonymous().get(path)
        assert (answer.status_code, answer.is_json) == (status, True)
        assert answer.json["detail"]


def test_a_word_where_the_pages_were_not_built(workbench, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    answer = workbench.anonymous().get("/")
    assert answer.status_code == 503
    assert "npm run build" in answer.text


def test_built_pages_are_served_whatever_path_they_show(workbench, tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "STATIC", tmp_path)
    (tmp_path / "index.html").write_text("<html>built</html>", encoding="utf-8")
    (tmp_path / "icon.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/a-1234.js").write_text("1", encoding="utf-8")
    browser = workbench.anonymous()
    for path in ("/", "/cases/1", "/setup", f"/{'x' * 3000}", "/..%2f..%2fetc/passwd", "/a%00b"):
        answer = browser.get(path)
        assert (answer.status_code, answer.text) == (200, "<html>built</html>"), path
    assert browser.get("/icon.svg").text == "<svg/>"
    asset = browser.get("/assets/a-1234.js")
    assert "immutable" in asset.headers["Cache-Control"]
    assert asset.content_type.startswith("text/javascript")
    assert browser.get("/assets/missing.js").status_code == 404
    assert browser.get("/api/v1/missing").status_code == 404


def test_behind_tls_the_cookie_is_the_hosts_own(settings):
    settings = replace(settings, behind_proxy=True)
    settings.home.mkdir()
    opened = Workbench(settings)
    opened.person("Ada", password="a long password")  # noqa: S106
    browser = Person(
        opened.app.test_client(), "Ada", {"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9"}
    )
    answer = browser.post("/api/v1/session", json={"name": "Ada", "password": "a long password"})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-tamperlens=")
    assert "Secure" in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    opened.close()


def test_without_a_proxy_its_headers_are_not_believed(workbench):
    answer = workbench.anonymous().get("/", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in answer.headers


def test_only_an_upload_may_be_large(workbench, eve):
    large = {"name": "Ada", "password": "x" * 2_000_000}
    assert workbench.anonymous().post("/api/v1/session", json=large).status_code == 413
    assert eve.post("/api/v1/cases", json={"title": "x", "description": "y" * 2_000_000}).status_code == 413
    assert eve.upload(eve.case(), b"\xff\xd8\xff" + bytes(2_000_000)).status_code == 201


def test_a_kept_picture_is_asked_for_again_with_its_tag(workbench, eve, tiny):
    key = eve.upload(eve.case(), tiny()).json["id"]
    workbench.work()
    path = f"/api/v1/evidence/{key}/thumbnail"
    first = eve.get(path)
    assert "no-cache" in first.headers["Cache-Control"]
    again = {"If-None-Match": first.headers["ETag"]}
    assert eve.get(path, headers=again).status_code == 304
    assert workbench.person("Bob").get(path, headers=again).status_code == 404
