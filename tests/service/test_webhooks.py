"""Programs elsewhere are called about what happens: signed, in order, to allowed hosts, nothing left out."""

import base64
import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise

import pytest
from cryptography.exceptions import InvalidSignature

from tamperlens.service._tables import Record, User, Webhook, now
from tamperlens.service.cases import workbench_key
from tamperlens.service.webhooks import _delivering as delivering
from tamperlens.service.webhooks import refused_url

from .conftest import BOTH

URL = "https://claims.example.org/hook"


@pytest.fixture
def settings(settings):
    return replace(settings, webhook_hosts=("claims.example.org", "127.0.0.1"))


class Receiver:
    """Stands where calls go out; `answers` are given one after the other, then all arrive."""

    def __init__(self, workbench):
        self.workbench, self.told, self.answers = workbench, [], []
        with workbench.database.write() as session:
            self.key = workbench_key(session, workbench.settings)

    def __call__(self, url, message):
        failure = self.answers.pop(0) if self.answers else None
        if failure is None:
            self.told.append((url, message))
        return failure

    def deliver(self):
        """Until nothing is due."""
        with self.workbench.database.write() as session:
            session.query(Webhook).update({"next_at": now()})
        while delivering.deliver(self.workbench.database, self.workbench.settings, self.key, self):
            pass

    @property
    def actions(self):
        return [json.loads(message.body)["action"] for _, message in self.told]


@pytest.fixture
def receiver(workbench):
    return Receiver(workbench)


def failure(sentence="it answered 500", is_final=False):
    return delivering._Failure(sentence, is_final)


def add(person, **more):
    return person.post("/api/v1/webhooks", json={"url": URL, **more})


@BOTH
def test_what_happens_is_told_in_order_with_a_signature(workbench, eve, tiny, receiver):
    before = eve.case("before")
    assert add(eve).status_code == 201
    case = eve.case("Claim")
    eve.upload(case, tiny(), "kitchen.jpg")
    workbench.work()
    receiver.deliver()
    assert receiver.actions == ["case opened", "uploaded", "examined"]
    url, message = receiver.told[1]
    told = json.loads(message.body)
    assert (url, told["case_id"], told["details"]["name"]) == (URL, case, "kitchen.jpg")
    assert before not in {json.loads(each.body)["case_id"] for _, each in receiver.told}
    signed = f"{message.headers['webhook-id']}.{message.headers['webhook-timestamp']}.".encode()
    signature = base64.b64decode(message.headers["webhook-signature"].removeprefix("v1a,"))
    receiver.key.public_key().verify(signature, signed + message.body)
    with pytest.raises(InvalidSignature):
        receiver.key.public_key().verify(signature, signed + message.body + b" ")


def test_only_chosen_actions_of_visible_cases_are_told(workbench, eve, ada, receiver):
    add(eve, actions=["noted"])
    foreign, own = ada.case("foreign"), eve.case("own")
    for person, case in ((ada, foreign), (eve, own)):
        image = person.upload(case, b"\xff\xd8\xff\xe0" + case.encode() * 40).json["id"]
        person.post(f"/api/v1/evidence/{image}/notes", json={"text": "seen"})
    receiver.deliver()
    assert receiver.actions == ["noted"]
    assert json.loads(receiver.told[0][1].body)["case_id"] == own


def test_what_did_not_arrive_is_told_later_and_once(workbench, eve, receiver):
    add(eve)
    eve.case("one")
    eve.case("two")
    receiver.answers = [None, failure()]
    receiver.deliver()
    assert len(receiver.told) == 1
    [shown] = eve.get("/api/v1/webhooks").json["items"]
    assert (shown["problem"], shown["paused"]) == ("it answered 500", False)
    assert shown["failing_since"]
    receiver.deliver()
    titles = [json.loads(message.body)["details"]["title"] for _, message in receiver.told]
    assert titles == ["one", "two"]
    assert eve.get("/api/v1/webhooks").json["items"][0]["problem"] is None


def test_waits_grow_and_end_at_an_hour(workbench, eve, receiver):
    add(eve)
    eve.case()
    waits = []
    for _ in range(14):
        receiver.answers = [failure()]
        receiver.deliver()
        with workbench.database.read() as session:
            waits.append((session.query(Webhook).one().next_at - now()).total_seconds())
    assert all(earlier <= later + 1 for earlier, later in pairwise(waits))
    assert 5 < waits[0] <= 10
    assert 3590 < waits[-1] <= 3600


@pytest.mark.parametrize("how", ["gone", "failing for days", "disabled", "no longer allowed"])
def test_it_stops_is_recorded_and_goes_on_with_all_when_the_owner_says_so(workbench, eve, receiver, how):
    add(eve)
    eve.case("one")
    if how == "gone":
        receiver.answers = [failure("it answered 410", is_final=True)]
    if how == "failing for days":
        receiver.answers = [failure()]
        with workbench.database.write() as session:
            session.query(Webhook).update({"failing_since": now() - timedelta(days=4)})
    if how == "disabled":
        with workbench.database.write() as session:
            session.query(User).filter_by(id=eve.id).update({"disabled": True})
    allowed = workbench.settings
    if how == "no longer allowed":
        workbench.settings = replace(allowed, webhook_hosts=("elsewhere.example.org",))
    receiver.deliver()
    assert receiver.told == []
    with workbench.database.write() as session:
        assert session.query(Webhook).one().paused
        assert session.query(Record).filter_by(action="webhook stopped").count() == 1
        session.query(User).filter_by(id=eve.id).update({"disabled": False})
    workbench.settings = allowed
    eve.case("two")
    hook = eve.get("/api/v1/webhooks").json["items"][0]["id"]
    assert eve.ask("PATCH", f"/api/v1/webhooks/{hook}", json={"paused": False}).status_code == 200
    receiver.deliver()
    assert receiver.actions == ["case opened", "case opened"]


def test_one_process_calls_at_a_time(workbench, eve, receiver):
    add(eve)
    eve.case()
    with workbench.database.write() as session:
        assert delivering._claimed(session) is not None
    receiver.deliver()
    assert receiver.told == []
    with workbench.database.write() as session:  # whoever had it died
        session.query(Webhook).update({"lease_until": now() - timedelta(seconds=1)})
    receiver.deliver()
    assert receiver.actions == ["case opened"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://elsewhere.example.org/", "does not call that host"),
        ("https://claims.example.org.evil.example/", "does not call that host"),
        ("http://claims.example.org/", "only https://"),
        ("https://user:secret@claims.example.org/", "a password"),
        ("ftp://claims.example.org/", "begins with https://"),
        ("https://claims.example.org:99999/", "not a web address"),
        ("https:///hook", "names a host"),
    ],
)
def test_it_leads_to_allowed_hosts_alone(workbench, eve, url, said):
    answer = eve.post("/api/v1/webhooks", json={"url": url})
    assert answer.status_code == 422
    assert said in answer.json["detail"]


def test_nobody_is_called_where_no_host_is_allowed():
    assert "--webhook-host" in refused_url(URL, ())
    assert refused_url(URL, ("claims.example.org",)) is None
    assert refused_url("https://a.example:8443/", ("a.example:8443",)) is None
    assert refused_url("https://a.example:8444/", ("a.example:8443",)) is not None


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.seen.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(302 if self.path == "/away" else 204)
        if self.path == "/away":
            self.send_header("Location", "/hook?redirected")
        self.end_headers()

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def listening():
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_call_can_be_tried_out_and_no_redirect_is_followed(workbench, eve, listening):
    at = f"http://127.0.0.1:{listening.server_port}"
    for path, arrived in (("/hook?x=1", True), ("/away", False)):
        hook = eve.post("/api/v1/webhooks", json={"url": at + path}).json["id"]
        answer = eve.post(f"/api/v1/webhooks/{hook}/test").json
        assert answer["arrived"] == arrived, answer
    assert [path for path, _ in listening.seen] == ["/hook?x=1", "/away"]
    assert listening.seen[0][1] == b'{"action": "ping"}'
    listening.shutdown()
    listening.server_close()
    answer = eve.post(f"/api/v1/webhooks/{hook}/test").json
    assert "cannot be reached" in answer["problem"]


def test_another_persons_webhook_is_not_there(workbench, eve, ada):
    hook = add(eve).json["id"]
    assert ada.ask("DELETE", f"/api/v1/webhooks/{hook}").status_code == 404
    assert ada.get("/api/v1/webhooks").json["total"] == 0
    assert eve.ask("DELETE", f"/api/v1/webhooks/{hook}").status_code == 204
    assert eve.get("/api/v1/webhooks").json["total"] == 0
