"""The examiner's workbench: HTTP API, accounts, cases, jobs, ledger, database.

Public names: `Settings`, `create_app`, `check_ledger`, and in `server` what `tamperlens serve` starts.
"""

from tamperlens.service.app import create_app
from tamperlens.service.checking import check_ledger
from tamperlens.service.settings import Settings

__all__ = ["Settings", "check_ledger", "create_app"]
