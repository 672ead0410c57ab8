"""The front end's files in the package, or a message if it was not built."""

from contextlib import suppress
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, abort, send_from_directory
from werkzeug.exceptions import NotFound

from tamperlens import __version__

pages = APIBlueprint("pages", __name__, enable_openapi=False)

STATIC = Path(__file__).parents[2] / "static"
_NOT_BUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tamperlens</title></head>
<body><h1>The workbench's pages were not built</h1>
<p>The server runs and its API answers. Build the pages once, with Node 20 or later, in the folder of the
sources, and load this page again:</p>
<pre>cd ui
npm ci
npm run build</pre>
<p>The API is described in <a href="/docs">docs</a>.</p></body></html>
"""


@pages.get("/api/v1/health")
def health() -> dict[str, str]:
    """Whether the server answers."""
    return {"status": "ok", "version": __version__}


@pages.get("/assets/<path:name>")
def asset(name: str) -> Response:
    """A file of the front end; its name contains its hash, so it may be cached for good."""
    answer = send_from_directory(STATIC / "assets", name)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@pages.get("/")
@pages.get("/<path:name>")
def index(name: str = "") -> Response:
    """The front end's only page, for all its paths; other files by name."""
    if name.startswith("api/"):
        abort(404, "there is no such route; the API is at /api/v1, and /docs shows all of it")
    if name:
        with suppress(NotFound):
            return send_from_directory(STATIC, name)
    built = STATIC / "index.html"
    text = built.read_text(encoding="utf-8") if built.is_file() else _NOT_BUILT
    answer = Response(text, status=200 if built.is_file() else 503, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
