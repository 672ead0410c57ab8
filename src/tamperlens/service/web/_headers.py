"""Headers of every answer: no foreign scripts, no framing, no guessing of types."""

import re

from flask import Flask, Response, request

from tamperlens.errors import ServiceError

# No exception for styles: those of the front end are static files, and styles set by its scripts need none.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# A report is a separate page: it may run only the script whose hash it names itself, and outside this origin.
REPORT_POLICY = "sandbox allow-scripts; frame-ancestors 'self'"

_SENDABLE = re.compile(r"[\x20-\x7e]{0,8000}")
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def check_headers(answer: Response) -> None:
    """Check that every header can be sent, before the export is recorded.

    Raises:
        ServiceError: a header cannot be sent.
    """
    for name, value in answer.headers:
        if not _SENDABLE.fullmatch(str(value)):
            raise ServiceError(f"the header {name} cannot be sent, so nothing leaves")


def install(app: Flask) -> None:
    """Set headers that the view has not set itself."""

    @app.after_request
    def _secure(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if "frame-ancestors 'self'" not in response.headers["Content-Security-Policy"]:
            response.headers["X-Frame-Options"] = "DENY"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
