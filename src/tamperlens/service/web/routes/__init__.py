"""The routes, one blueprint per subject.

Public names: `BLUEPRINTS`.
"""

from tamperlens.service.web.routes._accounts import accounts
from tamperlens.service.web.routes._annotations import annotations
from tamperlens.service.web.routes._bulk import bulk
from tamperlens.service.web.routes._cases import cases
from tamperlens.service.web.routes._conclusions import conclusions
from tamperlens.service.web.routes._custody import custody
from tamperlens.service.web.routes._deletion import deletion
from tamperlens.service.web.routes._documentation import documentation
from tamperlens.service.web.routes._evidence import evidence
from tamperlens.service.web.routes._factor import factor
from tamperlens.service.web.routes._files import files
from tamperlens.service.web.routes._groups import groups
from tamperlens.service.web.routes._ledger import ledger
from tamperlens.service.web.routes._live import live
from tamperlens.service.web.routes._metrics import metrics
from tamperlens.service.web.routes._moving import moving
from tamperlens.service.web.routes._oidc import oidc
from tamperlens.service.web.routes._pages import pages
from tamperlens.service.web.routes._progress import progress
from tamperlens.service.web.routes._registry import registry
from tamperlens.service.web.routes._search import search
from tamperlens.service.web.routes._uploads import uploads
from tamperlens.service.web.routes._users import users
from tamperlens.service.web.routes._webhooks import webhooks

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (
    accounts,
    factor,
    oidc,
    users,
    groups,
    cases,
    evidence,
    uploads,
    bulk,
    moving,
    conclusions,
    annotations,
    files,
    custody,
    deletion,
    progress,
    live,
    registry,
    search,
    ledger,
    webhooks,
    metrics,
    documentation,
    pages,
)
