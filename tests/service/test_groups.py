"""Cases are shared with groups; who leaves a group sees no longer what was shared with it."""

import pytest

from .conftest import BOTH


@pytest.fixture
def case(eve) -> str:
    return eve.case("Claim")


@pytest.fixture
def bob(workbench):
    return workbench.person("Bob")


@pytest.fixture
def group(ada, bob) -> str:
    """The night shift, with Bob in it."""
    key = ada.post("/api/v1/groups", json={"name": "Night shift"}).json["id"]
    assert ada.post(f"/api/v1/groups/{key}/members", json={"name": "bob"}).status_code == 201
    return key


def share(person, case: str, access: str, name: str = "night shift"):
    return person.post(f"/api/v1/cases/{case}/groups", json={"name": name, "access": access})


def leave(ada, group: str, user: str):
    return ada.ask("DELETE", f"/api/v1/groups/{group}/members/{user}")


@BOTH
def test_a_group_gives_what_the_case_is_shared_for_until_one_leaves(
    workbench, ada, eve, bob, case, group, tiny
):
    path = f"/api/v1/cases/{case}"
    assert bob.get(path).status_code == 404
    assert share(eve, case, "read").json["members"] == [{"user_id": bob.id, "name": "Bob"}]
    assert bob.get(path).json["access"] == "read"
    assert [one["id"] for one in bob.get("/api/v1/cases").json["items"]] == [case]
    assert bob.upload(case, tiny()).status_code == 403
    share(eve, case, "write")
    key = bob.upload(case, tiny()).json["id"]
    assert bob.get("/api/v1/search?words=photo").json["items"][0]["id"] == key
    assert leave(ada, group, bob.id).status_code == 204
    assert leave(ada, group, bob.id).status_code == 404
    assert bob.get(path).status_code == 404
    assert bob.get(f"/api/v1/evidence/{key}").status_code == 404
    assert bob.get("/api/v1/cases").json["total"] == 0
    assert bob.get("/api/v1/search?words=photo").json["items"] == []


def test_the_widest_share_counts_and_a_viewer_reads(workbench, ada, eve, bob, case, group):
    zoe = workbench.person("Zoe", "viewer")
    ada.post(f"/api/v1/groups/{group}/members", json={"name": "Zoe"})
    other = ada.post("/api/v1/groups", json={"name": "Day shift"}).json["id"]
    ada.post(f"/api/v1/groups/{other}/members", json={"name": "Bob"})
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "read"})
    share(eve, case, "write")
    share(eve, case, "read", "Day shift")
    assert bob.get(f"/api/v1/cases/{case}").json["access"] == "write"
    assert zoe.get(f"/api/v1/cases/{case}").json["access"] == "read"
    assert eve.ask("DELETE", f"/api/v1/cases/{case}/groups/{group}").status_code == 204
    assert eve.ask("DELETE", f"/api/v1/cases/{case}/groups/{group}").status_code == 404
    assert bob.get(f"/api/v1/cases/{case}").json["access"] == "read"
    assert zoe.get(f"/api/v1/cases/{case}").status_code == 404


def test_a_group_is_dissolved_and_everything_is_recorded(workbench, ada, eve, bob, case, group):
    share(eve, case, "write")
    assert share(eve, case, "write", "Nobody").status_code == 404
    assert ada.ask("DELETE", f"/api/v1/groups/{group}").status_code == 204
    assert bob.get(f"/api/v1/cases/{case}").status_code == 404
    assert ada.get("/api/v1/groups").json["items"] == []
    history = eve.get(f"/api/v1/cases/{case}/history").json["items"]
    assert [(one["action"], one["details"].get("with group")) for one in history[:2]] == [
        ("case no longer shared", "Night shift"),
        ("case shared", "Night shift"),
    ]
    told = [one["action"] for one in ada.get("/api/v1/ledger").json["items"]]
    assert {"group made", "group joined", "group dissolved"} <= set(told)


def test_names_of_groups_are_each_once_and_people_join_once(ada, group):
    assert ada.post("/api/v1/groups", json={"name": "NIGHT shift"}).status_code == 409
    assert ada.post("/api/v1/groups", json={"name": "Nіght shift"}).status_code == 422  # a Cyrillic letter
    assert ada.post(f"/api/v1/groups/{group}/members", json={"name": "Bob"}).status_code == 409
    assert ada.post(f"/api/v1/groups/{group}/members", json={"name": "Nobody"}).status_code == 404
    assert [one["name"] for one in ada.get("/api/v1/groups?search=SHIFT").json["items"]] == ["Night shift"]


@BOTH
def test_a_group_is_renamed_and_gives_the_same_as_before(workbench, ada, eve, bob, case, group):
    share(eve, case, "write")
    ada.post("/api/v1/groups", json={"name": "Day shift"})

    def rename(name: str, who=ada):
        return who.ask("PATCH", f"/api/v1/groups/{group}", json={"name": name})

    assert rename("Late shift").json["name"] == "Late shift"
    assert bob.get(f"/api/v1/cases/{case}").json["access"] == "write"
    assert [one["name"] for one in eve.get(f"/api/v1/cases/{case}/groups").json["items"]] == ["Late shift"]
    assert [one["name"] for one in eve.get("/api/v1/groups").json["items"]] == ["Day shift", "Late shift"]
    told = {"group": group, "from": "Night shift", "to": "Late shift"}
    for items in (eve.get(f"/api/v1/cases/{case}/history").json, ada.get("/api/v1/ledger?per_page=2").json):
        assert told in [one["details"] for one in items["items"] if one["action"] == "group renamed"]
    assert rename("LATE shift").json["name"] == "LATE shift"
    assert rename("LATE shift").status_code == 409
    assert rename("day SHIFT").status_code == 409
    assert "looks like 'Day shift'" in rename("Day sh1ft").json["detail"]
    assert rename("Late shift", eve).status_code == 403
    assert ada.ask("PATCH", f"/api/v1/groups/{'f' * 32}", json={"name": "Nobody"}).status_code == 404
