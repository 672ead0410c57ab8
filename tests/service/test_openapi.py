"""The document that the front end's types are made from."""

import json
import re
from pathlib import Path

from tamperlens.service.schemas.finding import finding_components
from tamperlens.service.web._limits import LIMITS

ROOT = Path(__file__).parents[2]
_PYTHON = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "null": type(None)}


def test_the_committed_document_is_what_the_application_gives(workbench):
    with workbench.app.app_context():
        generated = workbench.app.spec
    committed = json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))
    assert committed == json.loads(json.dumps(generated)), (
        "run: python -m tamperlens.service.document ui/openapi.json"
    )
    assert committed["openapi"].startswith("3.1")


def test_the_document_is_served_and_nothing_of_it_comes_from_elsewhere(workbench):
    answer = workbench.anonymous().get("/openapi.json")
    assert answer.status_code == 200
    elsewhere = set(re.findall(r"https?://[^\s\",\\\\/]+", answer.text))
    assert elsewhere == {"https://claims.example.org"}, "an example alone may name a place"


def test_the_finding_in_the_document_is_the_published_one():
    published = json.loads((ROOT / "docs/finding.schema.json").read_text(encoding="utf-8"))["$defs"]
    committed = json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    for name in set(published) - {"ErrorDocument"}:
        assert set(committed[name]["properties"]) == set(published[name]["properties"])
    assert {"says", "finding", "maps", "outline", "reports"} == set(committed["FindingView"]["properties"])


def test_the_page_shows_every_operation_and_links_lead_somewhere(workbench):
    page = workbench.anonymous().get("/docs")
    assert page.status_code == 200
    targets = set(re.findall(r'id="([^"]+)"', page.text))
    assert {operation["operationId"] for _, operation in _operations()} <= targets
    assert set(re.findall(r'href="#([^"]+)"', page.text)) <= targets
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert workbench.anonymous().get("/docs/style.css").mimetype == "text/css"


def test_operations_have_plain_names_each_once():
    names = [operation["operationId"] for _, operation in _operations()]
    assert len(names) == len(set(names)) > 60
    assert {"open_case", "upload_evidence", "conclude"} <= set(names)


def test_every_property_and_parameter_says_what_it_is():
    unsaid = [
        f"{schema}.{name}"
        for schema, held in _committed()["components"]["schemas"].items()
        for name, field in held.get("properties", {}).items()
        if "description" not in field and "$ref" not in field
    ]
    unsaid += [
        f"{path} {parameter['name']}"
        for path, operation in _operations()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    assert not unsaid, "say it in service/schemas/meaning.py"


def test_every_plain_value_of_the_workbench_has_an_example_of_its_kind():
    """The finding has an example of its own in docs/json.md."""
    own = _committed()["components"]["schemas"]
    of_findings = set(finding_components())
    plain = [
        (f"{schema}.{name}", field)
        for schema, held in own.items()
        if schema not in of_findings
        for name, field in held.get("properties", {}).items()
        if {"string", "integer", "number", "boolean"} & set(_kinds(field)) and field.get("format") != "binary"
    ]
    assert not [name for name, field in plain if not {"enum", "examples"} & set(field)]
    for name, field in plain:
        for example in field.get("examples", ()):
            assert isinstance(example, tuple(_PYTHON[kind] for kind in _kinds(field))), name


def _kinds(field):
    kinds = field.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def _committed():
    return json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))


def _operations():
    return [
        (path, each) for path, operations in _committed()["paths"].items() for each in operations.values()
    ]


def test_every_path_and_limit_is_documented():
    page = (ROOT / "docs/workbench.md").read_text(encoding="utf-8")
    committed = json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))
    for path in committed["paths"]:
        assert f"`{path}`" in page, path
    for name, (many, seconds) in LIMITS.items():
        shown = {300: "5 minutes", 3600: "1 hour", 60: "1 minute"}[seconds]
        assert f"| {name} | {many} | {shown} |" in page
