"""Every error as a problem document (RFC 9457), with the same members whatever went wrong."""

from http import HTTPStatus
from typing import Any

from apiflask.exceptions import HTTPError
from flask import Response, jsonify

TYPE = "application/problem+json"


def problem(status: int, detail: str, errors: dict[str, Any] | None = None) -> Response:
    """The answer for an error.

    Args:
        status: HTTP status, 400 or higher.
        detail: what was wrong and what to do, as a sentence.
        errors: part of the request → field → what is wrong with it.
    """
    members = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    answer = jsonify({**members, **({"errors": errors} if errors else {})})
    answer.status_code, answer.mimetype = status, TYPE
    return answer


def of_error(error: HTTPError) -> Response:
    """The answer for an error raised by APIFlask or Werkzeug."""
    answer = problem(error.status_code, error.message or "", error.detail)
    answer.headers.extend(error.headers or {})
    return answer


def in_document(operation: dict[str, Any]) -> None:
    """Describe the errors of an operation in the OpenAPI document."""
    for status, answer in operation["responses"].items():
        if int(status) >= 400:
            answer["content"] = {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
