"""A database of an earlier version is brought up to date with all that is in it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from tamperlens.service._database import Database

from .conftest import BOTH, Workbench

KEY = "{:032x}".format
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
PERSON = {"role": "examiner", "disabled": False, "created_at": AT}
CASE = {"description": "née", "closed": False, "created_at": AT, "active_at": AT}
PICTURE = {"bytes": 9, "format": "JPEG", "width": 3, "height": 3, "own_rendition": False}
FINDING = {"versions": "b" * 64, "outcome": "consistent", "score": None, "examined_at": AT}
JOB = {
    "state": "done", "step": "done", "progress": 1.0, "attempts": 1, "queued_at": AT, "finished_at": AT,
    "versions": "b" * 64, "duplicate": False,
}  # fmt: skip
EVIDENCE = {"name": "old.jpg", "sha256": "a" * 64, "uploaded_by": "Eve", "uploaded_at": AT}
SAID = {"evidence_id": KEY(5), "text": ""}
ROWS = {
    "users": [
        {"id": KEY(1), "name": "Eve", "folded": "eve", **PERSON},
        {"id": KEY(2), "name": "Bob", "folded": "bob", **PERSON},
    ],
    "cases": [
        {"id": KEY(3), "owner_id": KEY(1), "title": "Old case", **CASE},
        {"id": KEY(11), "owner_id": KEY(1), "title": "Over", **CASE, "closed": True},
    ],
    "tokens": [
        {"id": KEY(10), "hash": "c" * 64, "user_id": KEY(1), "name": "t", "created_at": AT, "expires_at": AT}
    ],
    "shares": [{"case_id": KEY(3), "user_id": KEY(2), "access": "write"}],
    "pictures": [{"sha256": "a" * 64, **PICTURE}],
    "findings": [{"id": KEY(4), "sha256": "a" * 64, **FINDING}],
    "evidence": [{"id": KEY(5), "case_id": KEY(3), "finding_id": KEY(4), **EVIDENCE, **JOB}],
    "notes": [{"id": KEY(6), "by": "Bob", "at": AT, **SAID}],
    "conclusions": [
        {"id": KEY(7), "outcome": "consistent", "by": "Eve", "at": AT.replace(hour=13), **SAID},
        {"id": KEY(8), "outcome": "inconclusive", "by": "Bob", "at": AT.replace(hour=14), **SAID},
        {"id": KEY(9), "outcome": "inconsistent", "by": "Eve", "at": AT.replace(hour=15), **SAID},
    ],
}


@BOTH
def test_what_people_wrote_under_schema_two_is_all_there(settings):
    settings.home.mkdir()
    database = Database(settings.database_url)
    database.upgrade("0002")
    with database.write() as session:
        for table, rows in ROWS.items():
            reflected = sa.Table(table, sa.MetaData(), autoload_with=session.connection())
            session.execute(sa.insert(reflected), rows)
    database.engine.dispose()
    workbench = Workbench(settings)
    try:
        bob = workbench.person("Bob")
        shown = bob.get(f"/api/v1/evidence/{KEY(5)}").json
        assert (shown["name"], shown["notes"], shown["disagreement"]) == ("old.jpg", 1, True)
        assert [(one["by"], one["outcome"]) for one in shown["conclusions"]] == [
            ("Eve", "inconsistent"),
            ("Bob", "inconclusive"),
        ]
        eve, _bob = bob.get(f"/api/v1/evidence/{KEY(5)}/conclusions").json["items"]
        assert [one["outcome"] for one in eve["earlier"]] == ["consistent"]
        assert bob.get(f"/api/v1/cases/{KEY(3)}").json["description"] == "née"
        eve = workbench.person("Eve")
        ada = workbench.person("Ada", "administrator")
        users = {one["name"]: one for one in ada.get("/api/v1/users").json["items"]}
        assert [(users[who]["email"], users[who]["second_factor"]) for who in ("Eve", "Bob")] == [
            (None, False)
        ] * 2
        assert (
            ada.get("/api/v1/groups").json["total"],
            eve.get(f"/api/v1/cases/{KEY(3)}/groups").json["total"],
        ) == (0, 0)
        closed = eve.get(f"/api/v1/cases/{KEY(11)}").json
        assert (closed["closed_at"], closed["hold"]) == ("2026-11-01T12:00:00+00:00", None)
        assert eve.get(f"/api/v1/cases/{KEY(3)}").json["closed_at"] is None
        assert [one["scope"] for one in eve.get("/api/v1/tokens").json["items"]] == ["write"]
        assert [one["id"] for one in bob.get("/api/v1/search?words=NÉE old").json["cases"]] == [KEY(3)]
        assert [one["name"] for one in bob.get("/api/v1/search?words=OLD aaaaaa").json["items"]] == [
            "old.jpg"
        ]
    finally:
        workbench.close()
