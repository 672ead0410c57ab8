"""Settings → the WSGI application."""

from functools import partial
from typing import Any

from apiflask import APIFlask
from apispec import APISpec
from flask import request
from flask_login import LoginManager
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter

from tamperlens import __version__
from tamperlens.service._database import Database
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service.jobs import Queue
from tamperlens.service.people import accounts, visitors
from tamperlens.service.schemas.finding import finding_components
from tamperlens.service.schemas.meaning import explain
from tamperlens.service.schemas.problems import Problem
from tamperlens.service.web import _headers as headers
from tamperlens.service.web import _idempotency as idempotency
from tamperlens.service.web import _limits as limits
from tamperlens.service.web import _mishaps as mishaps
from tamperlens.service.web import _problems as problems
from tamperlens.service.web._hosts import refuse_unknown_host
from tamperlens.service.web.routes import BLUEPRINTS

# Operations that are open to anyone.
OPEN = frozenset(
    {
        ("get", "/api/v1/health"), ("get", "/api/v1/setup"), ("post", "/api/v1/setup"),
        ("post", "/api/v1/session"), ("post", "/api/v1/invitations/lookup"),
        ("post", "/api/v1/invitations/accept"),
        ("get", "/api/v1/oidc/start"),
        ("get", "/api/v1/oidc/callback"),
    }
)  # fmt: skip
# Size limit of a request that is not an upload.
_MOST_BYTES = 1 << 20
_SCHEMES = {
    "cookie": {"type": "apiKey", "in": "cookie", "name": "tamperlens"},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    "token": {"type": "http", "scheme": "bearer"},
}


class _Key(BaseConverter):
    """An identifier in a path."""

    regex = "[0-9a-f]{32}"


class _DraftSubject(BaseConverter):
    """What a draft is for: a note, one's conclusion, a review of another's, a comment on a region."""

    regex = "note|conclusion|annotation|(?:review|annotation)-[0-9a-f]{32}"


class _App(APIFlask):
    """APIFlask, but each schema is registered only once, even if another schema contains it."""

    def _register_schema_and_get_ref(
        self,
        spec: APISpec,
        registered_schema_classes: dict[int, str],
        schema_obj: Any,  # noqa: ANN401 - any of the schemas that APIFlask knows
    ) -> dict[str, Any]:
        name = self.schema_name_resolver(schema_obj)
        if name in spec.components.schemas:
            return {"$ref": f"#/components/schemas/{name}"}
        return super()._register_schema_and_get_ref(spec, registered_schema_classes, schema_obj)


def create_app(settings: Settings) -> APIFlask:
    """Make the application; the database must have the tables of this version."""
    app = _App(
        "tamperlens.service",
        title="Tamperlens workbench",
        version=__version__,
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]
    )
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        BCRYPT_HANDLE_LONG_PASSWORDS=True,
        BCRYPT_LOG_ROUNDS=settings.bcrypt_rounds,
        OPENAPI_VERSION="3.1.0",
        DESCRIPTION="What the workbench's own pages use. Shown at /docs, described in docs/workbench.md.",
        AUTO_404_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        HTTP_ERROR_SCHEMA=Problem,
        VALIDATION_ERROR_SCHEMA=Problem,
        VALIDATION_ERROR_DESCRIPTION="a field of the request is wrong",
    )
    app.url_map.converters |= {"key": _Key, "draft": _DraftSubject}
    app.extensions |= {
        "tamperlens.settings": settings,
        "tamperlens.database": Database(settings.database_url),
        "tamperlens.store": Store(settings.store),
        "tamperlens.queue": Queue(settings),
    }
    accounts.hashing.init_app(app)
    visitors.install(LoginManager(app), app.extensions["tamperlens.database"], settings)
    headers.install(app)
    app.security_schemes = _SCHEMES
    app.spec_processor(partial(_finished, app))
    app.before_request(_limit_size)
    app.before_request(partial(refuse_unknown_host, settings))
    app.error_processor(problems.of_error)
    mishaps.install(app)
    limits.install(app)
    idempotency.install(app, app.extensions["tamperlens.database"], limits.UPLOADS)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _limit_size() -> None:
    """Allow large bodies only for uploads."""
    if request.endpoint not in limits.UPLOADS:
        request.max_content_length = _MOST_BYTES


def _finished(app: APIFlask, spec: Any) -> Any:  # noqa: ANN401 - as APIFlask declares it
    """Add authentication to every operation, name each subject and operation once, explain all fields."""
    spec["tags"] = [{"name": name} for name in dict.fromkeys(tag["name"] for tag in spec["tags"])]
    spec["components"]["schemas"] |= finding_components()
    explain(spec)
    for path, operations in spec["paths"].items():
        for method, operation in operations.items():
            _completed(app, path, method, operation)
    return spec


def _completed(app: APIFlask, path: str, method: str, operation: dict[str, Any]) -> None:
    """Complete one operation; APIFlask puts method and blueprint in front of the view's name."""
    _, subject, operation["operationId"] = operation["operationId"].split("_", 2)
    if (method, path) not in OPEN:
        cookie: dict[str, list[str]] = {"cookie": []} if method == "get" else {"cookie": [], "csrf": []}
        view = app.view_functions[f"{subject}.{operation['operationId']}"]
        by_token: list[dict[str, list[str]]] = (
            [{"token": []}] if not vars(view).get(visitors.BROWSER_ONLY) else []
        )
        operation["security"] = [cookie, *by_token]
        operation["responses"].setdefault("401", {"description": "nobody is signed in"})
    if method == "post" and subject not in idempotency.SECRETIVE:
        operation.setdefault("parameters", []).append(idempotency.PARAMETER)
    problems.in_document(operation)
