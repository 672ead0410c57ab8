"""Exports a case from the command line, without a server."""

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tamperlens.errors import ServiceError
from tamperlens.service._ledger import Actor
from tamperlens.service._settings import Settings
from tamperlens.service._store import Store
from tamperlens.service._tables import Case
from tamperlens.service.cases._case_bundle import case_bundle, check_case, record_export, workbench_key
from tamperlens.service.cases._checking import open_database
from tamperlens.text import quoted

_COMMAND = Actor(None, "(command line)")


@dataclass(frozen=True)
class Export:
    """What goes into a case's bundle, and who signs it.

    Attributes:
        key: key to sign with; None for the workbench's own.
        with_original: include the images themselves.
        stamp: signature → answer of a time stamping authority.
    """

    key: Ed25519PrivateKey | None = None
    with_original: bool = False
    stamp: Callable[[bytes], bytes] | None = None


def export_case(settings: Settings, case_id: str, export: Export) -> bytes:
    """Record the export, and make the case's bundle.

    Raises:
        ServiceError: there is no such case, or the database cannot be read.
        CustodyError: the ledger is not intact, or the case is too large.
    """
    database = open_database(settings)
    try:
        store = Store(settings.store)
        with database.read() as session:
            case = session.get(Case, case_id)
            if case is None:
                raise ServiceError(
                    f"there is no case {quoted(case_id)}; its page's address ends in the identifier"
                )
            check_case(session, case, store)
        with database.write() as session:
            record_export(session, _COMMAND, case_id, export.with_original)
            key = export.key or workbench_key(session, settings)
            case = session.get_one(Case, case_id)
            return case_bundle(session, case, store, key, export.with_original, export.stamp)
    except sa.exc.DBAPIError as error:
        raise ServiceError(f"the database cannot be read: {error.orig}") from error
    finally:
        database.engine.dispose()
