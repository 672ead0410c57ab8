"""The OpenAPI document as a page for people, without scripts and without external resources."""

from functools import cache
from importlib import resources
from typing import Any, cast

import jinja2
from apiflask import APIBlueprint, APIFlask
from flask import Response, current_app

documentation = APIBlueprint("documentation", __name__, enable_openapi=False)

_PACKAGE = "tamperlens.service.web"


@documentation.get("/docs")
def docs() -> Response:
    """Documentation of all operations and schemas."""
    spec = cast("dict[str, Any]", cast("APIFlask", current_app).spec)
    page = _template().render(spec=spec, subjects=_subjects(spec), schemas=_schemas(spec))
    return Response(page, mimetype="text/html")


@documentation.get("/docs/style.css")
def style() -> Response:
    """Style sheet of the documentation."""
    text = resources.files(_PACKAGE).joinpath("templates/docs.css").read_text(encoding="utf-8")
    return Response(text, mimetype="text/css")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(loader=jinja2.PackageLoader(_PACKAGE), autoescape=True, trim_blocks=True)
    return environment.get_template("docs.html")


def _subjects(spec: dict[str, Any]) -> list[dict[str, Any]]:
    by_name: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in spec["tags"]}
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            by_name[operation["tags"][0]].append(_operation(path, method, operation))
    anchor = "subject-{}".format
    return [
        {"name": name, "anchor": anchor(name.lower().replace(" ", "-")), "operations": operations}
        for name, operations in by_name.items()
        if operations
    ]


def _operation(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    answers = [
        {"status": status, "description": answer["description"], "content": _content(answer)}
        for status, answer in sorted(operation["responses"].items())
    ]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "by": _who(operation.get("security")),
        "parameters": [_row(each["name"], each["schema"], each) for each in operation.get("parameters", [])],
        "body": _content(operation.get("requestBody", {})),
        "answers": answers,
    }


def _who(security: list[dict[str, Any]] | None) -> str:
    if security is None:
        return ", for anyone"
    return "" if {"token": []} in security else ", not by a token"


def _content(holder: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    return [(kind, each.get("schema")) for kind, each in holder.get("content", {}).items()]


def _schemas(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "description": schema.get("description", ""),
            "fields": [
                _row(field, each, {**each, "required": field in schema.get("required", ())})
                for field, each in schema.get("properties", {}).items()
            ],
        }
        for name, schema in sorted(spec["components"]["schemas"].items())
    ]


def _row(name: str, schema: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    examples = told.get("examples") or [told.get("example")]
    return {
        "name": name,
        "schema": schema,
        "where": told.get("in", ""),
        "required": told.get("required", False),
        "description": told.get("description", ""),
        "example": examples[0],
    }
