"""Whatever the document allows, and what it does not: the server answers, and never with 500."""

import json
import os

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, strategies
from schemathesis import GenerationMode

from tamperlens.service import Settings

from .conftest import Workbench
from .test_openapi import ROOT

# The transport of schemathesis leaves the files open that answers are read from.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
EXAMPLES = int(os.environ.get("TAMPERLENS_TEST_EXAMPLES", "6"))
OPERATIONS = [
    (method.upper(), path)
    for path, operations in json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))[
        "paths"
    ].items()
    for method in operations
]


class Fuzzed:
    """One installation for all operations, with a case and evidence whose keys are real."""

    def __init__(self, settings: Settings, photograph: bytes) -> None:
        self.workbench = Workbench(settings)
        self.schema = schemathesis.openapi.from_wsgi("/openapi.json", self.workbench.app)
        person = self.workbench.person("Ada", "administrator")
        case = person.case()
        evidence = person.upload(case, photograph).json["id"]
        self.workbench.work()
        self.keys = {"case_id": case, "evidence_id": evidence, "user_id": person.id, "map_name": "ela"}

    def ask(self, case: schemathesis.Case) -> int:
        """Send a request as an administrator who has just signed in; returns the status."""
        person = self.workbench.person("Ada", "administrator")
        names = [parameter.name for parameter in case.operation.path_parameters]
        case.path_parameters = {name: self.keys.get(name, "0" * 32) for name in names}
        cookies = {"tamperlens": person.client.get_cookie("tamperlens").value}
        return case.call(headers=person.headers, cookies=cookies).status_code


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory, tiny):
    home = tmp_path_factory.mktemp("fuzzed") / "home"
    home.mkdir()
    made = Fuzzed(Settings(home, threads=1, poll_seconds=0.01, stream_seconds=0, bcrypt_rounds=4), tiny())
    yield made
    made.workbench.close()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_makes_the_server_fail(fuzzed, method, path):
    operation = fuzzed.schema[path][method]
    modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    statuses = set()

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategies.one_of(modes))
    def ask(case):
        status = fuzzed.ask(case)
        assert status < 500, case.as_curl_command()
        statuses.add(status)

    ask()
    assert statuses
