"""The document that the front end's types are made from."""

import json
from pathlib import Path

from tamperlens.service.web._limits import LIMITS

ROOT = Path(__file__).parents[2]


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
    assert "http" not in answer.text.replace('"http"', "")


def test_the_finding_in_the_document_is_the_published_one():
    published = json.loads((ROOT / "docs/finding.schema.json").read_text(encoding="utf-8"))["$defs"]
    committed = json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    for name in set(published) - {"ErrorDocument"}:
        assert set(committed[name]["properties"]) == set(published[name]["properties"])
    assert {"says", "finding", "maps", "outline", "reports"} == set(committed["FindingView"]["properties"])


def test_every_path_and_limit_is_documented():
    page = (ROOT / "docs/workbench.md").read_text(encoding="utf-8")
    committed = json.loads((ROOT / "ui/openapi.json").read_text(encoding="utf-8"))
    for path in committed["paths"]:
        assert f"`{path}`" in page, path
    for name, (many, seconds) in LIMITS.items():
        shown = {300: "5 minutes", 3600: "1 hour", 60: "1 minute"}[seconds]
        assert f"| {name} | {many} | {shown} |" in page
