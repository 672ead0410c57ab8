"""Cases pass on to another owner; tokens that only read."""

import pytest

from .conftest import BOTH


@pytest.fixture
def case(eve) -> str:
    return eve.case("Claim")


def hand_over(person, case: str, name: str):
    seen = {"If-Match": person.get(f"/api/v1/cases/{case}").headers.get("ETag", '"none"')}
    return person.ask("PUT", f"/api/v1/cases/{case}/owner", json={"name": name}, headers=seen)


@BOTH
def test_a_case_passes_on_and_its_former_owner_may_still_write(workbench, eve, case, tiny):
    bob = workbench.person("Bob")
    workbench.person("Vera", "viewer")
    assert hand_over(eve, case, "Nobody").status_code == 404
    assert hand_over(eve, case, "Vera").status_code == 409
    assert hand_over(eve, case, "Eve").status_code == 409
    assert hand_over(eve, case, "Bob").json["access"] == "write"
    assert bob.get(f"/api/v1/cases/{case}").json["access"] == "owner"
    assert hand_over(eve, case, "Eve").status_code == 403
    assert eve.upload(case, tiny()).status_code == 201
    workbench.work()
    assert bob.get(f"/api/v1/cases/{case}/bundle").status_code == 200


def test_a_leavers_cases_pass_on(workbench, ada, eve, case):
    workbench.person("Bob")
    path, to = f"/api/v1/users/{eve.id}/handover", {"name": "Bob"}
    assert ada.post(path, json=to).status_code == 409
    ada.ask("PATCH", f"/api/v1/users/{eve.id}", json={"disabled": True})
    assert ada.post(path, json=to).json == {"cases": 1}
    assert ada.post(path, json=to).json == {"cases": 0}
    shown = workbench.person("Bob").get(f"/api/v1/cases/{case}").json
    assert (shown["owner"], shown["access"]) == ("Bob", "owner")
    assert workbench.person("Bob").get(f"/api/v1/cases/{case}/shares").json["items"] == []


def test_a_token_that_only_reads_changes_nothing(workbench, ada, eve, case):
    made = eve.post("/api/v1/tokens", json={"name": "dashboard", "scope": "read"}).json
    told = ada.get("/api/v1/ledger").json["items"][0]["details"]
    assert (told["scope"], told["expires"][:10]) == ("read", made["expires_at"][:10])
    assert made["secret"] not in str(told)
    program = workbench.anonymous()
    program.headers["Authorization"] = f"Bearer {made['secret']}"
    assert program.get(f"/api/v1/cases/{case}").status_code == 200
    refused = program.post("/api/v1/cases", json={"title": "x"})
    assert (refused.status_code, refused.json["detail"]) == (
        403,
        "this API token may only read; make one that may write",
    )
    assert [one["scope"] for one in eve.get("/api/v1/tokens").json["items"]] == ["read"]
    assert eve.post("/api/v1/tokens", json={"name": "t", "scope": "all"}).status_code == 422
