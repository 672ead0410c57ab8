"""The examiner's workbench: HTTP API, accounts, cases, jobs, ledger, database.

Public names: `Settings`, `create_app`, `check_ledger`, `export_case`, `Export`, and in `server` what
`tamperlens serve` starts.
"""

from tamperlens.service.app import create_app
from tamperlens.service.checking import check_ledger
from tamperlens.service.exporting import Export, export_case
from tamperlens.service.settings import Settings

__all__ = ["Export", "Settings", "check_ledger", "create_app", "export_case"]
