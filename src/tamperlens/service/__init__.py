"""The examiner's workbench: HTTP API, accounts, cases, jobs, ledger, database.

Public names: `Settings`, `IdentityProvider`, `create_app`, `check_ledger`, `export_case`, `Export`,
`list_due`, `dispose`, `DueCase`, `back_up`, `restore`, `Checked`, and what `tamperlens serve` starts; for
other rooms `Address`, `free_port`, `serve`.
"""

from tamperlens.service._backup import Checked, back_up, restore
from tamperlens.service._settings import IdentityProvider, Settings
from tamperlens.service.cases import DueCase, Export, check_ledger, dispose, export_case, list_due
from tamperlens.service.web import Address, create_app, free_port, serve

__all__ = [
    "Address",
    "Checked",
    "DueCase",
    "Export",
    "IdentityProvider",
    "Settings",
    "back_up",
    "check_ledger",
    "create_app",
    "dispose",
    "export_case",
    "free_port",
    "list_due",
    "restore",
    "serve",
]
