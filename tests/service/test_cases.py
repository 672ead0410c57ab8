"""Cases: the dashboard, shares, history."""

from .conftest import BOTH

pytestmark = BOTH


def test_the_dashboard_counts_states_and_outcomes_and_shows_thumbnails(workbench, eve, tiny):
    case = eve.case("Two photographs")
    empty = eve.case("Empty")
    for number in range(2):
        eve.upload(case, tiny(number))
    eve.upload(case, tiny()[:300])
    workbench.work()
    shown = {one["id"]: one for one in eve.get("/api/v1/cases").json["items"]}
    assert shown[case]["evidence"] == 3
    assert shown[case]["states"] == {"queued": 0, "running": 0, "done": 2, "failed": 1, "cancelled": 0}
    assert sum(shown[case]["outcomes"].values()) == 2
    assert len(shown[case]["thumbnails"]) == 2
    assert all(eve.get(path).content_type == "image/webp" for path in shown[case]["thumbnails"])
    assert shown[empty]["evidence"] == 0
    assert shown[empty]["thumbnails"] == []


def test_the_dashboard_is_paged_searched_and_sorted(eve):
    for title in ("Beta", "alpha", "100 %", "gamma_1"):
        eve.case(title)

    def titles(query: str) -> list[str]:
        return [case["title"] for case in eve.get(f"/api/v1/cases?{query}").json["items"]]

    assert titles("sort=title&per_page=2&page=2") == ["Beta", "gamma_1"]
    assert titles("search=ALPHA") == ["alpha"]
    assert titles("search=%25") == ["100 %"]
    assert titles("search=_") == ["gamma_1"]
    assert titles("sort=created")[0] == "gamma_1"
    assert eve.get("/api/v1/cases?page=0").status_code == 422
    assert eve.get("/api/v1/cases?per_page=1000").status_code == 422
    assert eve.get("/api/v1/cases?page=9").json == {"items": [], "total": 4, "page": 9, "per_page": 50}


def test_a_foreign_case_is_as_if_it_were_not(workbench, eve):
    case = eve.case()
    for role in ("administrator", "examiner", "viewer"):
        other = workbench.person(role, role)
        assert other.get("/api/v1/cases").json["total"] == 0
        missing = other.get(f"/api/v1/cases/{'0' * 32}")
        assert other.get(f"/api/v1/cases/{case}").json == missing.json
        assert missing.status_code == 404


def test_sharing_gives_and_takes(workbench, eve, tiny):
    case = eve.case()
    bob = workbench.person("Bob", "examiner")
    shared = eve.post(f"/api/v1/cases/{case}/shares", json={"name": "bob", "access": "read"})
    assert shared.status_code == 201
    assert bob.get(f"/api/v1/cases/{case}").json["access"] == "read"
    assert bob.upload(case, tiny()).status_code == 403
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Bob", "access": "write"})
    assert bob.upload(case, tiny()).status_code == 201
    assert bob.post(f"/api/v1/cases/{case}/shares", json={"name": "Eve", "access": "read"}).status_code == 403
    assert [one["name"] for one in eve.get(f"/api/v1/cases/{case}/shares").json["items"]] == ["Bob"]
    assert eve.ask("DELETE", f"/api/v1/cases/{case}/shares/{bob.id}").status_code == 204
    assert bob.get(f"/api/v1/cases/{case}").status_code == 404
    assert (
        eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Nobody", "access": "read"}).status_code == 404
    )
    assert eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Eve", "access": "read"}).status_code == 409


def test_a_viewer_reads_whatever_the_share_says(workbench, eve, tiny):
    case = eve.case()
    viewer = workbench.person("Vic", "viewer")
    eve.post(f"/api/v1/cases/{case}/shares", json={"name": "Vic", "access": "write"})
    assert viewer.get(f"/api/v1/cases/{case}").json["access"] == "read"
    assert viewer.upload(case, tiny()).status_code == 403
    assert viewer.post("/api/v1/cases", json={"title": "Mine"}).status_code == 403


def test_a_closed_case_takes_no_evidence_until_it_is_opened_again(eve, tiny):
    case = eve.case()
    assert eve.change_case(case, closed=True).json["closed"]
    assert eve.upload(case, tiny()).status_code == 409
    assert eve.get("/api/v1/cases").json["total"] == 0
    assert eve.get("/api/v1/cases?closed=true").json["total"] == 1
    eve.change_case(case, closed=False)
    assert eve.upload(case, tiny()).status_code == 201


def test_the_history_tells_who_did_what(workbench, eve, tiny):
    case = eve.case("History")
    evidence = eve.upload(case, tiny(), "a.jpg").json["id"]
    workbench.work()
    eve.get(f"/api/v1/evidence/{evidence}/finding")
    eve.get(f"/api/v1/evidence/{evidence}/report.json")
    told = eve.get(f"/api/v1/cases/{case}/history").json["items"]
    assert [record["action"] for record in reversed(told)] == [
        "case opened", "uploaded", "examined", "viewed", "exported",
    ]  # fmt: skip
    assert told[-2]["details"]["name"] == "a.jpg"
    assert told[2]["actor"] == "(workbench)"
    assert [r["action"] for r in eve.get(f"/api/v1/evidence/{evidence}/history").json["items"]][
        -1
    ] == "uploaded"
