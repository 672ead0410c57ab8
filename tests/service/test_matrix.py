"""Who may do what: every route of the application, every role, own, shared and foreign cases.

The routes come from the application's map, so one without an entry here fails.
"""

import io
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import sqlalchemy as sa

from tamperlens.service._tables import (
    Evidence,
    Group,
    GroupMember,
    GroupShare,
    Hold,
    Original,
    Record,
    Share,
    Token,
    new_key,
    now,
)
from tamperlens.service.web._limits import LIMITS

GOOD = frozenset({200, 201, 204})
GONE = frozenset({404})
KEY = "0" * 32
PEOPLE = {
    # name: role, what the case is to them, whether by a token
    "nobody": (None, None, False),
    "owner": ("examiner", "own", False),
    "owning administrator": ("administrator", "own", False),
    "writer": ("examiner", "write", False),
    "reader": ("examiner", "read", False),
    "viewer": ("viewer", "write", False),
    "foreign viewer": ("viewer", None, False),
    "foreign examiner": ("examiner", None, False),
    "foreign administrator": ("administrator", None, False),
    "owner's token": ("examiner", "own", True),
    "foreign examiner's token": ("examiner", None, True),
    "administrator's token": ("administrator", None, True),
}


@dataclass(frozen=True)
class Rule:
    """Who is let in to a route, with what it is asked, and what it answers then."""

    who: str
    body: Any = None
    answers: frozenset[int] = GOOD
    sent_as: str = field(default="json")
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""


STALE = {"If-Match": '"what nobody has seen"'}
REGION = {"shape": "rectangle", "points": [[0, 0], [9, 9]]}
PASSWORDS = {"current": "wrong", "new": "a long new password"}
RULES = {
    ("GET", "/"): Rule("open", answers=frozenset({200, 503})),
    ("GET", "/<path:name>"): Rule("open", answers=frozenset({200, 503})),
    ("GET", "/assets/<path:name>"): Rule("open", answers=frozenset({404})),
    ("GET", "/openapi.json"): Rule("open"),
    ("GET", "/docs"): Rule("open"),
    ("GET", "/docs/style.css"): Rule("open"),
    ("GET", "/api/v1/health"): Rule("open"),
    ("GET", "/metrics"): Rule("administrator"),
    ("GET", "/api/v1/setup"): Rule("open"),
    ("POST", "/api/v1/setup"): Rule(
        "open", {"token": "x", "name": "M", "password": "p" * 12}, frozenset({403})
    ),
    ("POST", "/api/v1/session"): Rule("open", {"name": "nobody", "password": "x"}, frozenset({401})),
    ("POST", "/api/v1/invitations/lookup"): Rule("open", {"token": "x"}, frozenset({404})),
    ("POST", "/api/v1/invitations/accept"): Rule(
        "open", {"token": "x", "password": "p" * 12}, frozenset({404})
    ),
    ("GET", "/api/v1/session"): Rule("anyone"),
    ("DELETE", "/api/v1/session"): Rule("browser"),
    ("PUT", "/api/v1/session/password"): Rule("browser", PASSWORDS, frozenset({403})),
    ("GET", "/api/v1/session/factor"): Rule("browser"),
    ("POST", "/api/v1/session/factor"): Rule("browser", {"password": "wrong"}, frozenset({403})),
    ("PUT", "/api/v1/session/factor"): Rule("browser", {"code": "000000"}, frozenset({409})),
    ("GET", "/api/v1/session/factor/qr"): Rule("browser", answers=frozenset({409})),
    ("POST", "/api/v1/session/factor/codes"): Rule("browser", {"code": "000000"}, frozenset({409})),
    ("POST", "/api/v1/session/factor/removal"): Rule("browser", {"code": "000000"}, frozenset({409})),
    ("DELETE", "/api/v1/users/<key:user_id>/factor"): Rule(
        "administrator's browser", answers=frozenset({409})
    ),
    ("GET", "/api/v1/oidc/start"): Rule("open", answers=frozenset({404})),
    ("GET", "/api/v1/oidc/callback"): Rule("open", answers=frozenset({404})),
    ("GET", "/api/v1/tokens"): Rule("browser"),
    ("POST", "/api/v1/tokens"): Rule("browser", {"name": "t"}),
    ("DELETE", "/api/v1/tokens/<key:token_id>"): Rule("browser"),
    ("GET", "/api/v1/webhooks"): Rule("maker's browser"),
    ("POST", "/api/v1/webhooks"): Rule("maker's browser", {"url": "https://x"}, frozenset({422})),
    ("PATCH", "/api/v1/webhooks/<key:webhook_id>"): Rule("maker's browser", {"paused": True}, GONE),
    ("DELETE", "/api/v1/webhooks/<key:webhook_id>"): Rule("maker's browser", answers=GONE),
    ("POST", "/api/v1/webhooks/<key:webhook_id>/test"): Rule("maker's browser", answers=GONE),
    ("GET", "/api/v1/users"): Rule("administrator's browser"),
    ("POST", "/api/v1/users"): Rule(
        "administrator's browser", {"name": "Zoe", "role": "viewer"}, frozenset({409})
    ),
    ("PATCH", "/api/v1/users/<key:user_id>"): Rule("administrator's browser", {"role": "viewer"}),
    ("POST", "/api/v1/users/<key:user_id>/handover"): Rule(
        "administrator's browser", {"name": "Zoe"}, frozenset({409})
    ),
    ("POST", "/api/v1/users/<key:user_id>/invitation"): Rule("administrator's browser"),
    ("GET", "/api/v1/groups"): Rule("maker"),
    ("POST", "/api/v1/groups"): Rule("administrator's browser", {"name": "Night shift"}, frozenset({409})),
    ("PATCH", "/api/v1/groups/<key:group_id>"): Rule(
        "administrator's browser", {"name": "Night shift"}, frozenset({409})
    ),
    ("DELETE", "/api/v1/groups/<key:group_id>"): Rule("administrator's browser"),
    ("POST", "/api/v1/groups/<key:group_id>/members"): Rule(
        "administrator's browser", {"name": "Zoe"}, frozenset({409})
    ),
    ("DELETE", "/api/v1/groups/<key:group_id>/members/<key:user_id>"): Rule("administrator's browser"),
    ("GET", "/api/v1/cases/<key:case_id>/groups"): Rule("read"),
    ("POST", "/api/v1/cases/<key:case_id>/groups"): Rule("own", {"name": "Night shift", "access": "read"}),
    ("DELETE", "/api/v1/cases/<key:case_id>/groups/<key:group_id>"): Rule("own"),
    ("GET", "/api/v1/ledger"): Rule("administrator"),
    ("GET", "/api/v1/ledger/verification"): Rule("administrator"),
    ("GET", "/api/v1/registry"): Rule("anyone"),
    ("GET", "/api/v1/search"): Rule("anyone", query="?words=x"),
    ("POST", "/api/v1/registry"): Rule("maker", {"label": "x", "sha256": "a" * 64}, frozenset({201, 409})),
    ("DELETE", "/api/v1/registry/<key:original_id>"): Rule("administrator"),
    ("GET", "/api/v1/cases"): Rule("anyone"),
    ("POST", "/api/v1/cases"): Rule("maker", {"title": "t"}),
    ("GET", "/api/v1/cases/<key:case_id>"): Rule("read"),
    ("PATCH", "/api/v1/cases/<key:case_id>"): Rule("own", {"title": "t"}, frozenset({412}), headers=STALE),
    ("PUT", "/api/v1/cases/<key:case_id>/owner"): Rule(
        "own browser", {"name": "Zoe"}, frozenset({412}), headers=STALE
    ),
    ("GET", "/api/v1/cases/<key:case_id>/shares"): Rule("read"),
    ("POST", "/api/v1/cases/<key:case_id>/shares"): Rule("own", {"name": "Zoe", "access": "read"}),
    ("DELETE", "/api/v1/cases/<key:case_id>/shares/<key:user_id>"): Rule("own"),
    ("GET", "/api/v1/cases/<key:case_id>/history"): Rule("read"),
    ("GET", "/api/v1/cases/<key:case_id>/bundle"): Rule("read"),
    ("POST", "/api/v1/cases/<key:case_id>/deletion"): Rule(
        "governor's browser", {"reason": "why not"}, frozenset({409})
    ),
    ("POST", "/api/v1/cases/<key:case_id>/evidence/deletion"): Rule(
        "governor's browser", {"reason": "why not", "evidence": [KEY]}, frozenset({409})
    ),
    ("POST", "/api/v1/evidence/<key:evidence_id>/deletion"): Rule(
        "governor's browser", {"reason": "why not"}, frozenset({409})
    ),
    ("POST", "/api/v1/evidence/<key:evidence_id>/move"): Rule(
        "own browser", {"case_id": KEY, "reason": "why not"}, frozenset({409})
    ),
    ("POST", "/api/v1/cases/<key:case_id>/evidence/move"): Rule(
        "own browser", {"case_id": KEY, "reason": "why not", "evidence": [KEY]}, frozenset({409})
    ),
    ("PUT", "/api/v1/cases/<key:case_id>/hold"): Rule(
        "governor's browser", {"held": True, "reason": "why not"}, frozenset({409})
    ),
    ("GET", "/api/v1/retention"): Rule("administrator's browser"),
    ("GET", "/api/v1/signing-key"): Rule("anyone"),
    ("GET", "/api/v1/cases/<key:case_id>/events"): Rule("read"),
    ("GET", "/api/v1/cases/<key:case_id>/evidence"): Rule("read"),
    ("POST", "/api/v1/cases/<key:case_id>/evidence"): Rule("write", sent_as="file"),
    ("POST", "/api/v1/cases/<key:case_id>/evidence/files"): Rule("write", sent_as="files"),
    ("GET", "/api/v1/cases/<key:case_id>/evidence/keys"): Rule("read"),
    ("POST", "/api/v1/cases/<key:case_id>/evidence/bulk"): Rule(
        "write", {"action": "cancel", "evidence": [KEY]}
    ),
    ("POST", "/api/v1/cases/<key:case_id>/evidence/table"): Rule("read", {"evidence": [KEY]}),
    ("GET", "/api/v1/evidence/<key:evidence_id>"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/finding"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/neighbours"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/near-duplicates"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/match"): Rule("read", answers=frozenset({404})),
    ("GET", "/api/v1/evidence/<key:evidence_id>/notes"): Rule("read"),
    ("POST", "/api/v1/evidence/<key:evidence_id>/notes"): Rule("write", {"text": "n"}),
    ("GET", "/api/v1/evidence/<key:evidence_id>/conclusions"): Rule("read"),
    ("PUT", "/api/v1/evidence/<key:evidence_id>/conclusion"): Rule(
        "write", {"outcome": "consistent"}, frozenset({200, 412}), headers={"If-None-Match": "*"}
    ),
    ("POST", "/api/v1/evidence/<key:evidence_id>/conclusions/<key:conclusion_id>/reviews"): Rule(
        "write", {"verdict": "agree"}
    ),
    ("GET", "/api/v1/evidence/<key:evidence_id>/annotations"): Rule("read"),
    ("POST", "/api/v1/evidence/<key:evidence_id>/annotations"): Rule("write", REGION),
    ("PUT", "/api/v1/evidence/<key:evidence_id>/annotations/<key:annotation_id>"): Rule(
        "write", REGION, frozenset({404}), headers=STALE
    ),
    ("DELETE", "/api/v1/evidence/<key:evidence_id>/annotations/<key:annotation_id>"): Rule(
        "write", answers=frozenset({404})
    ),
    ("GET", "/api/v1/evidence/<key:evidence_id>/drafts"): Rule("read"),
    ("PUT", "/api/v1/evidence/<key:evidence_id>/drafts/<draft:subject>"): Rule("write", {"text": "n"}),
    ("DELETE", "/api/v1/evidence/<key:evidence_id>/drafts/<draft:subject>"): Rule("read"),
    ("POST", "/api/v1/evidence/<key:evidence_id>/cancel"): Rule("write", answers=frozenset({409})),
    ("POST", "/api/v1/evidence/<key:evidence_id>/retry"): Rule("write"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/history"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/progress"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/original"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/rendition"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/thumbnail"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/maps/<map_name>"): Rule("read"),
    ("GET", "/api/v1/cases/<key:case_id>/report.pdf"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/report.html"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/report.pdf"): Rule("read"),
    ("GET", "/api/v1/evidence/<key:evidence_id>/report.json"): Rule("read"),
}


def governor(role: str) -> str:
    """Who governs a case: administrators each, others their own."""
    return "administrator's browser" if role == "administrator" else "own browser"


def expected(rule: Rule, name: str) -> frozenset[int]:
    """What the answer must be."""
    role, case, by_token = PEOPLE[name]
    if rule.who == "open":
        return rule.answers
    if role is None:
        return frozenset({401})
    if rule.who == "governor's browser":
        rule = replace(rule, who=governor(role))
    if rule.who == "own browser" and by_token:
        return frozenset({403})
    if rule.who in {"read", "write", "own", "own browser"}:
        if case is None:
            return frozenset({404})
        may = {"read": {"read"}, "write": {"read", "write"}, "own": {"read", "write", "own"}}[case]
        if role == "viewer":
            may = {"read"}
        return rule.answers if rule.who.removesuffix(" browser") in may else frozenset({403})
    let_in = {
        "anyone": True,
        "browser": not by_token,
        "maker": role != "viewer",
        "maker's browser": role != "viewer" and not by_token,
        "administrator": role == "administrator",
        "administrator's browser": role == "administrator" and not by_token,
    }[rule.who]
    return rule.answers if let_in else frozenset({403})


@pytest.fixture
def settings(settings):
    return replace(settings, stream_seconds=0, limits=dict.fromkeys(LIMITS, (9999, 60)))


class World:
    """Two cases with examined evidence, one of an examiner and one of an administrator, and everyone."""

    def __init__(self, workbench, photograph: bytes) -> None:
        self.workbench, self.photograph = workbench, photograph
        self.zoe = workbench.person("Zoe", "viewer")
        self.cases, self.evidence, self.people, self.conclusions = {}, {}, {}, {}
        for owner, role in (("owner", "examiner"), ("owning administrator", "administrator")):
            person = workbench.person(owner, role)
            self.cases[owner] = person.case()
            self.evidence[owner] = person.upload(self.cases[owner], photograph).json["id"]
        workbench.work()
        nora = workbench.person("Nora")
        self.share(nora.id, "write")
        for owner, evidence in self.evidence.items():
            self.conclusions[owner] = nora.conclude(evidence, "consistent").json["id"]
        for name, (role, case, _by_token) in PEOPLE.items():
            if role and case in {"read", "write"}:
                person = workbench.person(name, role)
                self.share(person.id, case)

    def share(self, user_id: str, access: str) -> None:
        with self.workbench.database.write() as session:
            for case in self.cases.values():
                session.merge(Share(case_id=case, user_id=user_id, access=access))

    def restore(self) -> None:
        """Put back what an allowed request took away."""
        self.share(self.zoe.id, "read")
        with self.workbench.database.write() as session:
            session.merge(Group(id=KEY, name="Night shift", folded="night shift"))
            session.flush()
            session.merge(GroupMember(group_id=KEY, user_id=self.zoe.id))
            for case in self.cases.values():
                session.merge(GroupShare(case_id=case, group_id=KEY, access="read"))
            for case in self.cases.values():  # which is why nobody's deletion comes to anything
                session.merge(Hold(case_id=case, reason="x", by="x", by_administrator=True, at=now()))
            session.merge(Original(id=KEY, label="x", sha256="b" * 64, registered_by="x"))
            session.execute(sa.update(Evidence).values(state="done"))

    def person(self, name: str):
        """Their browser or program, afresh once it was signed out."""
        role, _case, by_token = PEOPLE[name]
        if role is None:
            return self.workbench.anonymous()
        if name not in self.people or self.people[name].get("/api/v1/session").status_code == 401:
            account = name.removesuffix("'s token")
            person = self.workbench.person(account, role)
            self.people[name] = self.workbench.program(account) if by_token else person
        return self.people[name]

    def path(self, rule: str, name: str, person) -> str:
        owner = name if name in self.cases else "owner"
        known = {
            "case_id": self.cases[owner], "evidence_id": self.evidence[owner], "user_id": self.zoe.id,
            "conclusion_id": self.conclusions[owner], "subject": "note", "original_id": KEY,
            "map_name": "ela", "name": "nothing", "annotation_id": KEY, "webhook_id": KEY,
            "group_id": KEY,
        }  # fmt: skip
        if "token_id" in rule:
            known["token_id"] = self.token_of(person) if person.id else KEY
        for key, value in known.items():
            for kind in ("key:", "path:", "draft:", ""):
                rule = rule.replace(f"<{kind}{key}>", value)
        return rule

    def token_of(self, person) -> str:
        with self.workbench.database.write() as session:
            token = Token(hash=new_key(), user_id=person.id, name="t", expires_at=now())
            session.add(token)
            session.flush()
            return token.id

    def records(self) -> int:
        with self.workbench.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(Record))


def routes(app) -> set[tuple[str, str]]:
    hidden = {"HEAD", "OPTIONS"}
    return {(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods - hidden}


def test_every_route_has_its_rule(workbench):
    assert routes(workbench.app) == set(RULES)


def test_everyone_may_do_what_they_may_and_nothing_else(workbench, tiny):
    world, wrong = World(workbench, tiny()), []
    for (method, route), rule in RULES.items():
        for name in PEOPLE:
            if method != "GET":
                world.restore()
            person = world.person(name)
            path, before = world.path(route, name, person) + rule.query, world.records()
            options = {}
            if rule.sent_as != "json":
                options = {"data": {rule.sent_as: (io.BytesIO(tiny()), "a.jpg")}}
            if rule.body is not None:
                options = {"json": rule.body, "headers": rule.headers}
            status = person.ask(method, path, **options).status_code
            if status not in expected(rule, name):
                wrong.append((method, route, name, status, sorted(expected(rule, name))))
            if status in {401, 403, 404} and rule.who != "open" and world.records() != before:
                wrong.append((method, route, name, "refused, but recorded"))
    assert not wrong, "\n".join(map(str, wrong))
