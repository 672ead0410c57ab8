"""The examiner's workbench: HTTP API, accounts, cases, jobs, ledger, database.

Public names: `Settings`, `create_app`, `check_ledger`, `export_case`, `Export`, and in `server` what
`tamperlens serve` starts.
"""

from tamperlens.service._settings import Settings
from tamperlens.service.cases._checking import check_ledger
from tamperlens.service.cases._exporting import Export, export_case
from tamperlens.service.web._app import create_app

__all__ = ["Export", "Settings", "check_ledger", "create_app", "export_case"]
