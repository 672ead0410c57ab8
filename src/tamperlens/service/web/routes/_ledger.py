"""The ledger, for administrators."""

from typing import Any

import sqlalchemy as sa
from apiflask import APIBlueprint

from tamperlens.service._ledger import record_view, verify
from tamperlens.service._tables import Record
from tamperlens.service.people.visitors import database, signed_in
from tamperlens.service.schemas import cases as schemas
from tamperlens.service.schemas.fields import PageIn
from tamperlens.service.web._pages import each, page

ledger = APIBlueprint("ledger", __name__, url_prefix="/api/v1/ledger", tag="Administration")


@ledger.get("")
@signed_in("administrator")
@ledger.input(PageIn, location="query")
@ledger.output(schemas.RecordPage)
def list_records(query_data: dict[str, Any]) -> dict[str, Any]:
    """All records, the latest first."""
    with database().read() as session:
        return page(session, sa.select(Record).order_by(Record.seq.desc()), query_data, each(record_view))


@ledger.get("/verification")
@signed_in("administrator")
@ledger.output(schemas.LedgerState)
def verify_ledger() -> dict[str, Any]:
    """Read the whole chain and say whether it is intact. Note the head elsewhere."""
    with database().read() as session:
        found = verify(session)
    return {
        "intact": found.problem is None,
        "records": found.records,
        "head": found.head,
        "problem": found.problem,
    }
