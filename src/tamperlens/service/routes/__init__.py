"""The routes, one blueprint a subject.

Public names: `BLUEPRINTS`.
"""

from tamperlens.service.routes.accounts import accounts
from tamperlens.service.routes.cases import cases
from tamperlens.service.routes.custody import custody
from tamperlens.service.routes.evidence import evidence
from tamperlens.service.routes.files import files
from tamperlens.service.routes.ledger import ledger
from tamperlens.service.routes.pages import pages
from tamperlens.service.routes.progress import progress
from tamperlens.service.routes.registry import registry
from tamperlens.service.routes.users import users

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (accounts, users, cases, evidence, files, custody, progress, registry, ledger, pages)
