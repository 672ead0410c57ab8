"""Errors that may occur in any view → the right status and a sentence; the client's fault or the server's."""

import errno
import json

import sqlalchemy as sa
from apiflask import abort
from flask import Flask, Response, request

from tamperlens.errors import ServiceError
from tamperlens.service.web._limits import UPLOADS
from tamperlens.service.web._problems import problem

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_AGAIN_SECONDS = "5"


def install(app: Flask) -> None:
    """Install these error handlers in the application."""
    app.before_request(_refuse_unreadable_json)
    app.register_error_handler(OverflowError, _too_large)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(sa.exc.DBAPIError, _database)
    app.register_error_handler(ServiceError, lambda error: _said(503, str(error)))


def _said(status: int, sentence: str) -> Response:
    answer = problem(status, sentence)
    if status == 503:
        answer.headers["Retry-After"] = _AGAIN_SECONDS
    return answer


def _refuse_unreadable_json() -> None:
    """Abort with 400 on JSON that libraries read differently: too deep, numbers too long, NaN."""
    if not request.is_json or request.endpoint in UPLOADS:
        return
    try:
        json.loads(request.get_data(), parse_constant=_no_number)
    except RecursionError:
        abort(400, "the request's JSON is nested too deeply")
    except ValueError:
        abort(400, "the request's body is not JSON, or contains a number that cannot be read")


def _no_number(name: str) -> None:
    raise ValueError(name)


def _too_large(_error: OverflowError) -> Response:
    return _said(422, "a number in the request is too large")


def _disk(error: OSError) -> Response:
    """Handles only a full disk; other errors are raised again."""
    if error.errno not in _FULL:
        raise error
    return _said(507, "the server's disk is full; its operator must free space, then try again")


def _database(error: sa.exc.DBAPIError) -> Response:
    """Handles a database that is full, locked or unreachable, conflicts, and numbers that are too large."""
    words = str(error.orig).lower()
    if "full" in words or "no space" in words:
        return _said(507, "the server's disk is full; its operator must free space, then try again")
    if isinstance(error, sa.exc.OperationalError):
        return _said(503, "the database is busy or cannot be reached; try again in a moment")
    if isinstance(error, sa.exc.IntegrityError):
        return _said(409, "what this concerns was changed or deleted at the same time; read it again first")
    if isinstance(error, sa.exc.DataError):
        return _said(422, "a value in the request is too large")
    raise error
