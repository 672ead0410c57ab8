"""Rate limits hold over several processes, for they are counted in the database."""

from dataclasses import replace

import pytest

from tamperlens.service import create_app

from .conftest import BOTH, Person

pytestmark = BOTH


@pytest.fixture
def settings(settings):
    return replace(
        settings, limits={"sign-in, one name from one address": (3, 300), "uploads, one user": (2, 60)}
    )


def test_guessing_is_slowed_down_in_every_process(workbench):
    second = create_app(workbench.settings)
    guess = {"name": "Ada", "password": "wrong"}
    browsers = [workbench.anonymous(), Person(second.test_client(), "", {})]
    answers = [browsers[i % 2].post("/api/v1/session", json=guess) for i in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "try again in" in answers[-1].json["detail"]
    other = browsers[0].post("/api/v1/session", json={**guess, "name": "Bob"})
    assert other.status_code == 401
    second.extensions["tamperlens.queue"].close()
    second.extensions["tamperlens.database"].engine.dispose()


def test_uploads_are_limited_for_each_user(workbench, eve, tiny):
    case = eve.case()
    answers = [eve.upload(case, tiny()) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    told = [(answer.headers["RateLimit-Limit"], answer.headers["RateLimit-Remaining"]) for answer in answers]
    assert told == [("2", "1"), ("2", "0"), ("2", "0")]
    assert 0 < int(answers[0].headers["RateLimit-Reset"]) <= 60
    assert "RateLimit-Limit" not in eve.get(f"/api/v1/cases/{case}").headers
    ada = workbench.person("Ada")
    assert ada.upload(ada.case(), tiny()).status_code == 201
