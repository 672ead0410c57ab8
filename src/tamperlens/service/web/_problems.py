"""Every error as a problem of RFC 9457: the same members, whatever went wrong."""

from http import HTTPStatus
from typing import Any

from apiflask.exceptions import HTTPError
from flask import Response, jsonify

TYPE = "application/problem+json"


def problem(status: int, detail: str, errors: dict[str, Any] | None = None) -> Response:
    """The answer.

    Args:
        status: of HTTP, from 400.
        detail: what was wrong and what to do, a sentence.
        errors: field → what is wrong with it, by where it stood in the request.
    """
    members = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    answer = jsonify({**members, **({"errors": errors} if errors else {})})
    answer.status_code, answer.mimetype = status, TYPE
    return answer


def of_error(error: HTTPError) -> Response:
    """Of whatever APIFlask or Werkzeug raised."""
    answer = problem(error.status_code, error.message or "", error.detail)
    answer.headers.extend(error.headers or {})
    return answer


def in_document(operation: dict[str, Any]) -> None:
    """Say of an operation's errors in the OpenAPI document what they are."""
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            answer["content"] = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
